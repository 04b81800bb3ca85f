/** What a source file imports, by whatever syntax. */
import { dirname, posix } from "node:path";
import ts from "typescript";
import { read } from "./files.ts";

export interface Import {
	/** As it is written; an import that computes it has `COMPUTED`. */
	readonly specifier: string;
	/** Whether nothing of it is left when the program runs. */
	readonly isType: boolean;
}

/** Stands for a module that is known only when the program runs. */
export const COMPUTED = "(computed)";

/** The imports of a file. */
export function importsOf(file: string, text = read(file)): Import[] {
	const source = parse(file, text);
	const imports: Import[] = [
		...source.referencedFiles,
		...source.typeReferenceDirectives,
	].map(({ fileName }) => ({ specifier: fileName, isType: true }));

	function visit(node: ts.Node): void {
		const found = importIn(node);
		if (found) imports.push(found);
		ts.forEachChild(node, visit);
	}

	visit(source);
	return imports;
}

/** The file that an import leads to; undefined for a package. */
export function targetOf(
	file: string,
	{ specifier }: Import,
): string | undefined {
	return specifier.startsWith(".")
		? posix.join(dirname(file), specifier)
		: undefined;
}

export function parse(file: string, text: string): ts.SourceFile {
	const languageVersion = ts.ScriptTarget.Latest;
	const jsDocParsingMode = ts.JSDocParsingMode.ParseNone;
	const options = { languageVersion, jsDocParsingMode };
	return ts.createSourceFile(file, text, options, true);
}

function importIn(node: ts.Node): Import | undefined {
	if (ts.isImportDeclaration(node))
		return toImport(node.moduleSpecifier, isTypeClause(node.importClause));
	if (ts.isExportDeclaration(node) && node.moduleSpecifier)
		return toImport(node.moduleSpecifier, node.isTypeOnly);
	if (ts.isExternalModuleReference(node))
		return toImport(node.expression, false);
	if (ts.isImportTypeNode(node)) return toImport(node.argument, true);
	// It adds to the types of another module.
	if (ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name))
		return toImport(node.name, true);
	if (ts.isCallExpression(node) && isImporting(node.expression))
		return toImport(node.arguments[0], false);
	return undefined;
}

/** `import { type A }` is left as an import of nothing, which runs the module. */
function isTypeClause(clause: ts.ImportClause | undefined): boolean {
	return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function isImporting(callee: ts.Expression): boolean {
	return (
		callee.kind === ts.SyntaxKind.ImportKeyword ||
		(ts.isIdentifier(callee) && callee.text === "require")
	);
}

function toImport(node: ts.Node | undefined, isType: boolean): Import {
	const literal = node && ts.isLiteralTypeNode(node) ? node.literal : node;
	const isKnown = literal && ts.isStringLiteralLike(literal);
	return { specifier: isKnown ? literal.text : COMPUTED, isType };
}
