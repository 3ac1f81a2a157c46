import { existsSync, readFileSync } from 'node:fs';
import { findSourceMap, SourceMap, type SourceMapPayload } from 'node:module';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** One frame of a stack: a place in the file that runs, before source maps. */
export interface Frame {
  /** An absolute path, or a name such as `node:fs`. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The name of the function; the empty string where it has none. */
  readonly name: string;
}

/** In whose hands code is. */
export type Owner = 'user' | 'package' | 'moonpool' | 'node';

/** How deep a stack is looked into. */
const STACK_DEPTH = 60;

/** The folder of this library as it runs: the place of `lib`. */
const LIBRARY = resolve(__dirname, '..', '..') + sep;
/** The rooms of the fence, whose frames and those of this file lie between code and the place where it reached out. */
const FENCE = resolve(__dirname, '..', 'fence') + sep;

const PACKAGES = `${sep}node_modules${sep}`;

// The functions are taken while this file loads: while a world runs they would be refused.
const readText = readFileSync;
const exists = existsSync;
const workingDirectory = process.cwd();

/**
 * The frames that led here, innermost first, without those of the fence itself and without built-in functions.
 * @param owner whose frames alone are wanted: to find out lines and columns takes longest.
 */
export function callerFrames(owner?: Owner): readonly Frame[] {
  const { prepareStackTrace, stackTraceLimit } = Error;
  let frames: readonly Frame[] = [];
  Error.stackTraceLimit = STACK_DEPTH;
  Error.prepareStackTrace = (_, sites) => {
    frames = sites.flatMap((site) => framesOf(site, owner));
    return '';
  };
  try {
    // The stack is made when it is read.
    void new Error('where').stack;
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
  }
  return frames;
}

const NO_FRAMES: readonly Frame[] = [];

function framesOf(site: NodeJS.CallSite, owner: Owner | undefined): readonly Frame[] {
  const name = site.getFileName();
  if (name === null || name === undefined) return NO_FRAMES;
  const file = name.startsWith('file:') ? fileURLToPath(name) : name;
  if (file === __filename || file.startsWith(FENCE)) return NO_FRAMES;
  if (owner !== undefined && ownerOf({ file }) !== owner) return NO_FRAMES;
  const [line, column] = [site.getLineNumber() ?? 1, site.getColumnNumber() ?? 1];
  return [{ file, line, column, name: site.getFunctionName() ?? '' }];
}

export function ownerOf({ file }: Pick<Frame, 'file'>): Owner {
  if (file.startsWith('node:')) return 'node';
  if (file.startsWith(LIBRARY)) return 'moonpool';
  return file.includes(PACKAGES) ? 'package' : 'user';
}

/** True for code that stands at the border of the simulated world itself. */
export function isBorder({ file }: Frame): boolean {
  return file.startsWith(`${LIBRARY}simulation${sep}`) || file.startsWith(`${LIBRARY}providers${sep}node${sep}`);
}

/** The name of the package that the file is of. */
export function packageOf({ file }: Frame): string {
  const [scope = '', name = ''] = file.slice(file.lastIndexOf(PACKAGES) + PACKAGES.length).split(sep);
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}

/** The place in the source as it was written, found by its source map; the place that runs when there is none. */
export function placeInSource({ file, line, column }: Frame): string {
  const entry = sourceMapOf(file)?.findEntry(line - 1, column - 1);
  if (entry === undefined || !('originalSource' in entry) || typeof entry.originalSource !== 'string')
    return inWords(file, line, column);
  const { originalSource, originalLine, originalColumn } = entry;
  const source = originalSource.startsWith('file:') ? fileURLToPath(originalSource) : originalSource;
  return inWords(isAbsolute(source) ? source : resolve(dirname(file), source), originalLine + 1, originalColumn + 1);
}

function inWords(file: string, line: number, column: number): string {
  const near = relative(workingDirectory, file);
  return `${near.startsWith('..') || near === '' ? file : near}:${line}:${column}`;
}

const sourceMaps = new Map<string, SourceMap | undefined>();

/** Node keeps the maps of what it loads when it runs with --enable-source-maps; otherwise the file names its map. */
function sourceMapOf(file: string): SourceMap | undefined {
  if (!sourceMaps.has(file)) sourceMaps.set(file, findSourceMap(file) ?? readSourceMap(file));
  return sourceMaps.get(file);
}

function readSourceMap(file: string): SourceMap | undefined {
  try {
    if (!exists(file)) return undefined;
    const address = [...readText(file, 'utf8').matchAll(/^\/\/# sourceMappingURL=(\S+)/gm)].at(-1)?.[1];
    if (address === undefined) return undefined;
    const embedded = /^data:application\/json[^,]*;base64,(.*)$/.exec(address)?.[1];
    const text =
      embedded === undefined
        ? readText(resolve(dirname(file), address), 'utf8')
        : Buffer.from(embedded, 'base64').toString('utf8');
    return new SourceMap(JSON.parse(text) as SourceMapPayload);
  } catch {
    // A map that cannot be read is as good as none: the place in the file that runs is told then.
    return undefined;
  }
}
