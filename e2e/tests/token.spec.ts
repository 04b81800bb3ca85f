import {
	drawNothing,
	expect,
	expectConnection,
	openWorld,
	test,
} from "../fixtures.ts";

/** In base64, as `openssl rand -base64` makes them. */
const TOKEN = "open+sesame/==";

test("a page without the token is refused for good, and one with it is let in", {
	tag: "@sidecar",
}, async ({ page, context, start }) => {
	await drawNothing(context);
	const host = await start({ environment: { MATRIX_GATEWAY_TOKEN: TOKEN } });
	await page.goto(host.url);
	await expectConnection(page, "refused");
	await expect(page.getByTestId("connection")).toContainText(/unauthorized/i);
	await page.goto("about:blank");
	await openWorld(page, `${host.url}#token=${TOKEN}`);
	expect(host.output()).not.toContain("sesame");
	const status = await page.request.get(`${host.url}api/gateway/status`);
	expect(status.status()).toBe(401);
});
