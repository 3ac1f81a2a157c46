import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { parseSync } from 'oxc-parser';

/** The project's folder, from where the built specs lie. */
export const ROOT = join(__dirname, '..', '..', '..');

/** A source file as the rules of the house see it. */
export interface SourceFile {
  /** From the project's folder, with slashes. */
  readonly path: string;
  readonly source: string;
}

/** All TypeScript files below the folders, or the files themselves, sorted. */
export function sourceFiles(...places: readonly string[]): readonly SourceFile[] {
  return places
    .flatMap((place) => pathsBelow(place))
    .map((path) => ({ path, source: readFileSync(join(ROOT, path), 'utf8') }));
}

function pathsBelow(place: string): readonly string[] {
  if (place.endsWith('.ts')) return [place];
  const entries = readdirSync(join(ROOT, place), { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
  return files
    .map((entry) => posix.join(entry.parentPath.slice(ROOT.length + 1).replaceAll('\\', '/'), entry.name))
    .sort();
}

/** What a file imports and re-exports, types included: as written, and as a path of the project where it is one. */
export function importsOf({
  path,
  source,
}: SourceFile): readonly { readonly written: string; readonly resolved: string | undefined }[] {
  const { module } = parseSync(path, source);
  const written = [
    ...module.staticImports.map((entry) => entry.moduleRequest.value),
    ...module.staticExports.flatMap((statement) => statement.entries.map((entry) => entry.moduleRequest?.value)),
  ];
  return [...new Set(written)]
    .filter((name) => name !== undefined)
    .map((name) => ({ written: name, resolved: resolve(path, name) }));
}

/** The names that a file exports, types included. */
export function exportsOf({ path, source }: SourceFile): readonly string[] {
  const { module } = parseSync(path, source);
  return module.staticExports
    .flatMap((statement) => statement.entries.map((entry) => entry.exportName.name))
    .filter((name) => name !== null);
}

/** The names that a file exports and declares itself; not those that it hands on from others. */
export function declaredExportsOf({ path, source }: SourceFile): readonly string[] {
  const { module } = parseSync(path, source);
  return module.staticExports
    .flatMap((statement) => statement.entries)
    .filter(({ moduleRequest }) => moduleRequest === null || moduleRequest === undefined)
    .map(({ exportName }) => exportName.name)
    .filter((name) => name !== null);
}

function resolve(from: string, written: string): string | undefined {
  return written.startsWith('.') ? `${posix.join(posix.dirname(from), written)}.ts` : undefined;
}
