/** What a page holds: its heap after the collector has run, its nodes and listeners, and what it has on the GPU. */

/** Put into a page before its own scripts. It is told as text: it runs there. */
export function watchGraphics() {
	const { prototype } = WebGL2RenderingContext;
	const alive = { buffers: 0, textures: 0, programs: 0, arrays: 0, frames: 0 };
	const pairs = [
		["Buffer", "buffers"],
		["Texture", "textures"],
		["Program", "programs"],
		["VertexArray", "arrays"],
	];
	for (const [what, name] of pairs) {
		const create = prototype[`create${what}`];
		const remove = prototype[`delete${what}`];
		prototype[`create${what}`] = function () {
			alive[name]++;
			return create.call(this);
		};
		prototype[`delete${what}`] = function (one) {
			if (one) alive[name]--;
			remove.call(this, one);
		};
	}
	// A picture takes a second in software; all that leads to it is done.
	for (const draw of ["drawElements", "drawArrays"]) {
		prototype[draw] = () => {};
		prototype[`${draw}Instanced`] = () => {};
	}
	const count = () => {
		alive.frames++;
		requestAnimationFrame(count);
	};
	requestAnimationFrame(count);
	window.graphics = alive;
}

/** @returns {Promise<() => Promise<Record<string, number>>>} Looks, each time it is called. */
export async function createProbe(page) {
	const client = await page.context().newCDPSession(page);
	await client.send("Performance.enable");
	return async () => {
		// What finalizers let go of is collected by the next one.
		for (let round = 0; round < 3; round++)
			await client.send("HeapProfiler.collectGarbage");
		const usage = await client.send("Runtime.getHeapUsage");
		const { metrics } = await client.send("Performance.getMetrics");
		const metric = (wanted) =>
			metrics.find(({ name }) => name === wanted)?.value ?? 0;
		const graphics = await page.evaluate(() => window.graphics ?? {});
		return {
			heap: usage.usedSize,
			backing: usage.backingStorageSize ?? 0,
			nodes: metric("Nodes"),
			listeners: metric("JSEventListeners"),
			...graphics,
		};
	};
}
