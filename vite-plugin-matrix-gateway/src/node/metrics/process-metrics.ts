/** What Prometheus calls the same in every process. */
import { Counter, Gauge, type Registry } from "prom-client";

/**
 * The few that say how a hub fares. Not prom-client's own, which watch each garbage collection, and
 * list each of thousands of sockets for their number.
 */
export function addProcessMetrics(registers: Registry[]): void {
	new Counter({
		name: "process_cpu_seconds_total",
		help: "CPU time of the process, in seconds.",
		registers,
		collect() {
			const { user, system } = process.cpuUsage();
			this.reset();
			this.inc((user + system) / 1e6);
		},
	});
	new Gauge({
		name: "process_resident_memory_bytes",
		help: "Memory of the process that is in use.",
		registers,
		collect() {
			this.set(process.memoryUsage.rss());
		},
	});
	new Gauge({
		name: "process_start_time_seconds",
		help: "When the process began, in seconds since 1970.",
		registers,
	}).set(Math.round(performance.timeOrigin / 1000));
}
