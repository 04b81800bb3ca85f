import fs from "node:fs";
import { CODEC } from "../codec.ts";
import { DataError } from "../order/data-error.ts";
import { NODE_DISK } from "../order/disk.ts";
import { type Recovered, recover } from "../order/recover.ts";

/** A folder that is in use may lose files between the look at their names and at them. */
const ATTEMPTS = 5;

/**
 * The world of a folder, in use or not.
 * @throws DataError where there is none, or it is of a newer version.
 */
export function readFolder(folder: string): Recovered {
	if (!fs.existsSync(folder)) throw new DataError(`${folder} is not there`);
	for (let attempt = 1; ; attempt++)
		try {
			return recover(NODE_DISK, folder, CODEC);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if (code !== "ENOENT" || attempt === ATTEMPTS) throw error;
		}
}
