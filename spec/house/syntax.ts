/** A node of a parsed source. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

/** Visits all expressions; leaves out types, and names that only say which property is meant. */
export function walk(
  node: SyntaxNode,
  visit: (node: SyntaxNode, parent: SyntaxNode | undefined) => void,
  parent?: SyntaxNode,
): void {
  visit(node, parent);
  for (const [key, value] of Object.entries(node)) {
    const isPropertyName =
      (node.type === 'MemberExpression' && key === 'property' && node['computed'] !== true) ||
      (key === 'key' && node['computed'] !== true && node['shorthand'] !== true);
    if (
      isPropertyName ||
      key === 'typeAnnotation' ||
      key === 'typeArguments' ||
      key === 'returnType' ||
      key === 'typeParameters'
    )
      continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child) && !/^TS(Type|Interface|Enum|Declare)/.test(child.type)) walk(child, visit, node);
    }
  }
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string';
}
