import { importsOf, type SourceFile } from './source-file';

/** Every import cycle, types included, each as a path that begins with its first file in the order of names. */
export function findCycles(files: readonly SourceFile[]): readonly string[] {
  const imports = new Map(files.map((file) => [file.path, importsOf(file).flatMap(({ resolved }) => resolved ?? [])]));
  const cycles = new Set<string>();
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const start = path.indexOf(file);
    if (start >= 0) {
      cycles.add(rotate(path.slice(start)).join(' -> '));
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const next of imports.get(file) ?? []) visit(next);
    path.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  return [...cycles];
}

function rotate(cycle: readonly string[]): readonly string[] {
  const first = cycle.indexOf([...cycle].sort()[0] as string);
  const turned = [...cycle.slice(first), ...cycle.slice(0, first)];
  return [...turned, turned[0] as string];
}
