/** Who may not look yet: a token is asked for, or it is told what is missing. */
import { useState } from "preact/hooks";
import { forgetToken, keepToken, readToken } from "./api.ts";
import { chooseWorld, look, session } from "./session.ts";

export interface SignInProps {
	readonly status: number;
	readonly reason: string;
}

export function SignIn({ status, reason }: SignInProps) {
	const [token, setToken] = useState("");
	const hadToken = readToken() !== undefined;

	function show(event: Event): void {
		event.preventDefault();
		keepToken(token.trim());
		session.set({ state: "opening" });
		look();
	}

	function forget(): void {
		forgetToken();
		session.set({ state: "opening" });
		look();
	}

	return (
		<main class="sign-in">
			<h1>Matrix console</h1>
			<p>{textOf(status, reason, hadToken)}</p>
			{status === 404 ? (
				<button
					type="button"
					class="primary"
					onClick={() => chooseWorld("default")}
				>
					Look at the world “default”
				</button>
			) : (
				<form onSubmit={show}>
					<label>
						<span>Token</span>
						<input
							type="password"
							autocomplete="off"
							value={token}
							onInput={({ currentTarget }) => setToken(currentTarget.value)}
							required
						/>
					</label>
					<button type="submit" class="primary">
						Open the console
					</button>
					{hadToken && (
						<button type="button" onClick={forget}>
							Forget the token
						</button>
					)}
				</form>
			)}
			<p class="quiet">
				The token stays in this tab, and goes to this gateway alone, in a
				header.
			</p>
		</main>
	);
}

function textOf(status: number, reason: string, hadToken: boolean): string {
	if (status === 401)
		return hadToken
			? "This token is not let in. It may have ended, or was revoked."
			: "This gateway asks for a token, of which the grant says “operate”.";
	if (status === 404) return "There is no such world here now.";
	return `Not let in: ${reason}.`;
}
