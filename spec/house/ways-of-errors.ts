import { parseSync } from 'oxc-parser';
import { walk, type SyntaxNode } from './syntax';
import type { SourceFile } from './source-file';

/** How a variable is called that holds what somebody has thrown. */
const THROWN = /^(error|cause|thrown)$/;

/** Where what was thrown may be looked at as it is. */
const ALLOWED = ['lib/errors/thrown-value.ts'];

/**
 * What was thrown may be anything, and looking at it may throw again: so it is put into words in one place, lib/errors/thrown-value.
 * Every place that asks it otherwise, as a sentence that names the remedy.
 */
export function findUnguardedLooks(files: readonly SourceFile[]): readonly string[] {
  return files
    .filter(({ path }) => !ALLOWED.includes(path))
    .flatMap(({ path, source }) => {
      const found: string[] = [];
      walk(parseSync(path, source).program as unknown as SyntaxNode, (node) => {
        const remedy = remedyFor(node);
        if (remedy !== undefined)
          found.push(
            `${path}:${source.slice(0, node.start).split('\n').length} asks what was thrown itself: use ${remedy} of lib/errors/thrown-value.`,
          );
      });
      return found;
    });
}

function remedyFor(node: SyntaxNode): string | undefined {
  if (node.type === 'BinaryExpression' && node['operator'] === 'instanceof' && nameOf(node['right']) === 'Error')
    return 'isError';
  if (
    node.type === 'CallExpression' &&
    nameOf(node['callee']) === 'String' &&
    isThrown((node['arguments'] as readonly SyntaxNode[])[0])
  )
    return 'messageOf, or reasonOf';
  if (node.type === 'TemplateLiteral' && (node['expressions'] as readonly SyntaxNode[]).some(isThrown))
    return 'messageOf, or reasonOf';
  return undefined;
}

function isThrown(node: SyntaxNode | undefined): boolean {
  return THROWN.test(nameOf(node) ?? '');
}

function nameOf(node: unknown): string | undefined {
  const { type, name } = (node ?? {}) as { readonly type?: string; readonly name?: string };
  return type === 'Identifier' ? name : undefined;
}
