/**
 * Writes the tables of options in the plugin's README, from the comments in its source. With
 * `--check` it writes nothing, and fails where a table is not as it has to be.
 *
 * A table stands after `<!-- options of NAME -->`, where NAME is an interface in `src`, and has
 * the members of that interface and of those that it extends, without what stands in a table
 * before it.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const PACKAGE = join(import.meta.dirname, "../vite-plugin-matrix-gateway");
const README = join(PACKAGE, "README.md");

const FOLDERS = ["core", "node", "vite", "client", "mcp"];

const written = readFileSync(README, "utf8");
const wanted = withTables(written);
if (!process.argv.includes("--check")) writeFileSync(README, wanted);
else if (written !== wanted) {
	console.error(
		"The tables of options in vite-plugin-matrix-gateway/README.md are not those of the source: npm run options",
	);
	process.exitCode = 1;
}

/** The README with its tables as they have to be. */
function withTables(readme) {
	const interfaces = findInterfaces();
	const told = new Set();
	return readme.replace(
		/(<!-- options of (\w+) -->\n).*?(<!-- end of options -->)/gs,
		(_, before, name, after) => {
			const rows = membersOf(name, interfaces)
				.filter((member) => !told.has(member))
				.map((member) => {
					told.add(member);
					return rowOf(member);
				});
			const table = ["| Option | Default | |", "| --- | --- | --- |", ...rows];
			return `${before}\n${table.join("\n")}\n\n${after}`;
		},
	);
}

/** Every interface of the source, by its name. */
function findInterfaces() {
	const files = FOLDERS.flatMap((folder) =>
		readdirSync(join(PACKAGE, "src", folder), { recursive: true })
			.filter((file) => file.endsWith(".ts"))
			.map((file) => join(PACKAGE, "src", folder, file)),
	);
	const found = new Map();
	for (const file of files) {
		const text = readFileSync(file, "utf8");
		const source = ts.createSourceFile(
			file,
			text,
			ts.ScriptTarget.Latest,
			true,
		);
		for (const statement of source.statements)
			if (ts.isInterfaceDeclaration(statement))
				found.set(statement.name.text, statement);
	}
	return found;
}

/** The members of an interface, its own first. */
function membersOf(name, interfaces) {
	const declaration = interfaces.get(name);
	if (!declaration) throw new Error(`There is no interface ${name}.`);
	const bases = (declaration.heritageClauses ?? []).flatMap(({ types }) =>
		types.map((type) => type.expression.getText()),
	);
	return [
		...declaration.members,
		...bases.flatMap((base) => membersOf(base, interfaces)),
	];
}

function rowOf(member) {
	const name = member.name.getText();
	const [comment] = ts.getJSDocCommentsAndTags(member);
	const text = ts.getTextOfJSDocComment(comment?.comment);
	if (!text) throw new Error(`${name} has no comment.`);
	const tag = comment.tags?.find(({ tagName }) => tagName.text === "default");
	const value = ts.getTextOfJSDocComment(tag?.comment) ?? "";
	const cells = [`\`${name}\``, toDefault(value), toCell(text)];
	return `| ${cells.join(" | ")} |`;
}

/** A value as code; a sentence as it is. */
function toDefault(text) {
	const isValue = /^([\d_]+|true|false|".*"|\{.*\}|\[.*\])$/.test(text);
	return isValue ? `\`${text}\`` : toCell(text);
}

/** On one line, without the names of PROTOCOL.md's rules. */
function toCell(text) {
	return text
		.replace(/ \[[A-Z]+\d*(, [A-Z]+\d*)*\]/g, "")
		.replace(/\n+- /g, "<br>• ")
		.replace(/\s+/g, " ")
		.replaceAll("|", "\\|");
}
