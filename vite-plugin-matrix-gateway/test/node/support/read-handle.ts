/** What is below a stream, as far as reading asks it: counts how often it was started and stopped. */
export class FakeReadHandle {
	reading = true;
	starts = 0;
	stops = 0;
	readonly onStart: () => void;

	constructor(onStart = () => {}) {
		this.onStart = onStart;
	}

	readStart(): number {
		this.starts++;
		this.onStart();
		return 0;
	}

	readStop(): number {
		this.stops++;
		return 0;
	}
}
