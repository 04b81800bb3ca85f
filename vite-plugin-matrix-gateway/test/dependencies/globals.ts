/** What a source file uses without having declared or imported it. */
import ts from "typescript";
import { read } from "./files.ts";
import { parse } from "./imports.ts";

/** What files may use of what is there in every program. */
export interface Purity {
	/** Global names. */
	readonly globals: readonly string[];
	/** Of globals that are allowed in part: which of their members. */
	readonly members: Readonly<Record<string, readonly string[]>>;
	/** Names of properties of what they may not know. */
	readonly noProperties: readonly string[];
	/** Whether something may be done later: `async`, `await`. */
	readonly isAsync: boolean;
}

/** What a file uses and may not, each with its line. */
export function impuritiesOf(
	purity: Purity,
	file: string,
	text = read(file),
): string[] {
	const source = parse(file, text);
	const declared = declaredIn(source);
	const found: string[] = [];

	function visit(node: ts.Node): void {
		// Types are gone when the program runs; a class extends a value.
		if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
		if (ts.isTypeAliasDeclaration(node) || ts.isInterfaceDeclaration(node))
			return;
		if (ts.isHeritageClause(node) && node.token !== EXTENDS) return;
		const name = impurityIn(node);
		if (name !== undefined) found.push(`${file}:${lineOf(node)} uses ${name}`);
		ts.forEachChild(node, visit);
	}

	function impurityIn(node: ts.Node): string | undefined {
		if (ts.isMetaProperty(node)) return node.getText();
		if (ts.isAwaitExpression(node) || isAsyncFunction(node))
			return purity.isAsync ? undefined : "async";
		if (!ts.isIdentifier(node)) return undefined;
		if (isProperty(node))
			return purity.noProperties.includes(node.text)
				? `.${node.text}`
				: undefined;
		return isReference(node) && !declared.has(node.text)
			? globalIn(node)
			: undefined;
	}

	function globalIn(node: ts.Identifier): string | undefined {
		const members = purity.members[node.text];
		const name = isGivenTime(node) ? `new ${node.text}` : node.text;
		if (!members) return purity.globals.includes(name) ? undefined : name;
		// As a whole it could be passed on, and its members taken by names that are computed.
		const member = memberOf(node);
		if (member !== undefined && members.includes(member)) return undefined;
		return member === undefined ? node.text : `${node.text}.${member}`;
	}

	function lineOf(node: ts.Node): number {
		const start = node.getStart(source);
		return source.getLineAndCharacterOfPosition(start).line + 1;
	}

	visit(source);
	return found;
}

const EXTENDS = ts.SyntaxKind.ExtendsKeyword;

/** Every name that a file declares or imports, wherever that holds. */
function declaredIn(source: ts.SourceFile): ReadonlySet<string> {
	const names = new Set(["undefined"]);
	function visit(node: ts.Node): void {
		if (isNamed(node) && node.name && ts.isIdentifier(node.name))
			names.add(node.name.text);
		ts.forEachChild(node, visit);
	}
	visit(source);
	return names;
}

function isNamed(
	node: ts.Node,
): node is ts.NamedDeclaration & { readonly name?: ts.Node } {
	return (
		ts.isVariableDeclaration(node) ||
		ts.isParameter(node) ||
		ts.isBindingElement(node) ||
		ts.isFunctionDeclaration(node) ||
		ts.isFunctionExpression(node) ||
		ts.isClassDeclaration(node) ||
		ts.isClassExpression(node) ||
		ts.isImportClause(node) ||
		ts.isImportSpecifier(node) ||
		ts.isNamespaceImport(node)
	);
}

/** The name of a property that is read, written or taken out of an object. */
function isProperty(node: ts.Identifier): boolean {
	const { parent } = node;
	if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
	if (!ts.isBindingElement(parent)) return false;
	if (!ts.isObjectBindingPattern(parent.parent)) return false;
	return (parent.propertyName ?? parent.name) === node;
}

/** Whether a name stands for a value, and does not give one its name. */
function isReference(node: ts.Identifier): boolean {
	const { parent } = node;
	if (ts.isShorthandPropertyAssignment(parent)) return true;
	if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent))
		return false;
	if (ts.isLabeledStatement(parent) || ts.isBreakOrContinueStatement(parent))
		return false;
	if (ts.isBindingElement(parent)) return parent.initializer === node;
	return (parent as ts.NamedDeclaration).name !== node;
}

/** `new Date(time)` reads no clock. */
function isGivenTime({ text, parent }: ts.Identifier): boolean {
	return (
		text === "Date" &&
		ts.isNewExpression(parent) &&
		(parent.arguments ?? []).length > 0
	);
}

function memberOf(node: ts.Identifier): string | undefined {
	const { parent } = node;
	return ts.isPropertyAccessExpression(parent) ? parent.name.text : undefined;
}

function isAsyncFunction(node: ts.Node): boolean {
	return (
		ts.canHaveModifiers(node) &&
		(ts.getModifiers(node) ?? []).some(
			({ kind }) => kind === ts.SyntaxKind.AsyncKeyword,
		)
	);
}
