import ts from "typescript";

/** One small change of one file that a good test suite should notice. */
export interface Mutant {
  readonly file: string;
  readonly line: number;
  readonly operator: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly before: string;
}

type Edit = Pick<Mutant, "operator" | "start" | "end" | "text">;
type Operator = (node: ts.Node, source: ts.SourceFile) => readonly Edit[];

const SWAPS: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.LessThanToken, "<="],
  [ts.SyntaxKind.LessThanEqualsToken, "<"],
  [ts.SyntaxKind.GreaterThanToken, ">="],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">"],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "==="],
  [ts.SyntaxKind.PlusToken, "-"],
  [ts.SyntaxKind.MinusToken, "+"],
  [ts.SyntaxKind.AsteriskToken, "/"],
  [ts.SyntaxKind.SlashToken, "*"],
  [ts.SyntaxKind.AmpersandAmpersandToken, "||"],
  [ts.SyntaxKind.BarBarToken, "&&"],
]);

const replace = (node: ts.Node, source: ts.SourceFile, edit: Pick<Edit, "operator" | "text">): Edit => ({
  ...edit,
  start: node.getStart(source),
  end: node.getEnd(),
});

const swapBinary: Operator = (node, source) => {
  if (!ts.isBinaryExpression(node)) return [];
  const swapped = SWAPS.get(node.operatorToken.kind);
  if (swapped !== undefined) {
    const operator = `${node.operatorToken.getText(source)} to ${swapped}`;
    return [replace(node.operatorToken, source, { operator, text: swapped })];
  }
  if (node.operatorToken.kind !== ts.SyntaxKind.QuestionQuestionToken) return [];
  return [replace(node, source, { operator: "?? dropped", text: node.left.getText(source) })];
};

const negate = (condition: ts.Expression, source: ts.SourceFile): readonly Edit[] => [
  replace(condition, source, { operator: "condition negated", text: `!(${condition.getText(source)})` }),
];

const negateCondition: Operator = (node, source) => {
  if (ts.isIfStatement(node)) return negate(node.expression, source);
  return ts.isConditionalExpression(node) ? negate(node.condition, source) : [];
};

const dropNot: Operator = (node, source) => {
  if (!ts.isPrefixUnaryExpression(node) || node.operator !== ts.SyntaxKind.ExclamationToken) return [];
  return [replace(node, source, { operator: "! dropped", text: node.operand.getText(source) })];
};

const removeStatement: Operator = (node, source) =>
  ts.isExpressionStatement(node) ? [replace(node, source, { operator: "statement removed", text: ";" })] : [];

const returnNothing: Operator = (node, source) => {
  if (
    ts.isReturnStatement(node) &&
    node.expression !== undefined &&
    node.expression.getText(source) !== "undefined"
  )
    return [replace(node.expression, source, { operator: "returns undefined", text: "undefined" })];
  if (!ts.isArrowFunction(node) || ts.isBlock(node.body) || node.body.getText(source) === "undefined")
    return [];
  return [replace(node.body, source, { operator: "returns undefined", text: "undefined" })];
};

const shiftNumber: Operator = (node, source) => {
  if (!ts.isNumericLiteral(node)) return [];
  const value = Number(node.text);
  return [1, -1].map(step =>
    replace(node, source, { operator: `number ${step > 0 ? "+" : "-"} 1`, text: `(${value + step})` }),
  );
};

const flipBoolean: Operator = (node, source) => {
  if (node.kind === ts.SyntaxKind.TrueKeyword)
    return [replace(node, source, { operator: "true to false", text: "false" })];
  if (node.kind !== ts.SyntaxKind.FalseKeyword) return [];
  return [replace(node, source, { operator: "false to true", text: "true" })];
};

const NAMES: Readonly<Record<string, string>> = { some: "every", every: "some", min: "max", max: "min" };

const swapMethod: Operator = (node, source) => {
  if (!ts.isPropertyAccessExpression(node) || !ts.isCallExpression(node.parent)) return [];
  const other = Object.hasOwn(NAMES, node.name.text) ? NAMES[node.name.text] : undefined;
  if (other === undefined) return [];
  return [replace(node.name, source, { operator: `${node.name.text} to ${other}`, text: other })];
};

const OPERATORS: readonly Operator[] = [
  swapBinary,
  negateCondition,
  dropNot,
  removeStatement,
  returnNothing,
  shiftNumber,
  flipBoolean,
  swapMethod,
];

/** Types and imports are gone when the program runs. */
const hasNoEffect = (node: ts.Node): boolean =>
  ts.isTypeNode(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node) ||
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node);

/** Every mutant of a file, in the order of the text. */
export const mutantsOf = (file: string, text: string): readonly Mutant[] => {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023, true);
  const found: Mutant[] = [];
  const visit = (node: ts.Node): void => {
    if (hasNoEffect(node)) return;
    for (const edit of OPERATORS.flatMap(operator => operator(node, source))) {
      const line = source.getLineAndCharacterOfPosition(edit.start).line + 1;
      found.push({ file, line, ...edit, before: text.slice(edit.start, edit.end) });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
};

export const applyMutant = (text: string, { start, end, text: replacement }: Mutant): string =>
  text.slice(0, start) + replacement + text.slice(end);
