/** Takes out, in place, what is over. */
export function removeExpired(
	all: { readonly until: number }[],
	now: number,
): void {
	for (let i = all.length - 1; i >= 0; i--)
		if ((all[i]?.until ?? 0) <= now) all.splice(i, 1);
}
