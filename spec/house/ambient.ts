import { parseSync } from 'oxc-parser';
import { walk, type SyntaxNode } from './syntax';
import type { SourceFile } from './source-file';

/** Names of the surrounding world, and what to use in their place. */
const AMBIENT: Readonly<Record<string, string>> = {
  Date: 'TimeProvider.wallClock (or a number) in place of Date; `instanceof Date` and `new Date(number)` are fine',
  performance: 'TimeProvider.now',
  setTimeout: 'TimeProvider.schedule or sleep',
  setInterval: 'TimeProvider.schedule',
  setImmediate: 'TaskProvider.defer or yield',
  clearTimeout: 'Timer.cancel',
  process: 'a provider, or an option',
  crypto: 'RandomProvider',
  fetch: 'NetworkProvider',
  WeakRef: 'an explicit end of life: collection is not deterministic',
  FinalizationRegistry: 'an explicit end of life: collection is not deterministic',
  AsyncLocalStorage: 'a scope that is forwarded',
};

/** Where a name or a module of the surrounding world may be used, and why. */
const ALLOWED: readonly { readonly place: string; readonly what: readonly string[]; readonly why: string }[] = [
  { place: 'lib/providers/node/', what: ['*'], why: 'this is the real world' },
  {
    place: 'lib/concurrency/clean-context.ts',
    what: ['node:async_hooks'],
    why: 'it keeps the contexts of others out of turns, in each run alike',
  },
  {
    place: 'lib/concurrency/prompt-answer.ts',
    what: ['node:util'],
    why: 'it knows a promise by what it is, also one of another realm',
  },
  {
    place: 'lib/concurrency/handed-promises.ts',
    what: ['node:util'],
    why: 'it tells what an object is, whatever that claims, and the same for the same',
  },
  {
    place: 'lib/errors/thrown-value.ts',
    what: ['node:util'],
    why: 'it knows an error by what it is, also one of another realm',
  },
  {
    place: 'lib/engines/',
    what: ['node:worker_threads', 'node:path', 'node:module', 'node:fs'],
    why: 'a database has a thread and a file of its own',
  },
  {
    place: 'lib/serialization/carried-object.ts',
    what: ['node:util'],
    why: 'it tells what an object is, whatever that claims, and the same for the same',
  },
  {
    place: 'lib/simulation/engine/settle.ts',
    what: ['process', 'setImmediate'],
    why: 'settling promise jobs is done by the event loop itself, and unhandled rejections are told to the process',
  },
  {
    place: 'lib/simulation/engine/tick-queue.ts',
    what: ['process'],
    why: 'the ticks of the process are run by hand while a world runs',
  },
  {
    place: 'lib/contracts/',
    what: ['node:assert', 'node:util'],
    why: 'it says what is not as promised as tests do, and compares, which gives the same for the same',
  },
  { place: 'lib/simulation/node-runner/', what: ['*'], why: 'it runs workloads in the real world' },
  {
    place: 'lib/simulation/farm/',
    what: ['node:worker_threads', 'node:path', 'node:fs', 'node:module', 'process'],
    why: 'threads that simulate, and the files and loaders that they load',
  },
  {
    place: 'lib/handshake/cluster-secret.ts',
    what: ['node:crypto'],
    why: 'a keyed hash and a comparison, which give the same for the same',
  },
  { place: 'lib/identity/session.ts', what: ['node:crypto'], why: 'a hash, which gives the same for the same' },
  { place: 'lib/cli/', what: ['*'], why: 'the command line is a window to the outside' },
  {
    place: 'lib/simulation/trace/user-place.ts',
    what: ['node:fs', 'node:module', 'node:path', 'node:url', 'process'],
    why: 'it tells places of code by its source maps, and takes what it needs while it is loaded',
  },
  { place: 'lib/simulation/fence/', what: ['*'], why: 'the fence stands where the surrounding world begins' },
  {
    place: 'lib/turns/turn-tracker.ts',
    what: ['node:async_hooks', 'AsyncLocalStorage'],
    why: 'turns that overlap can be distinguished by nothing else, and it follows promises alike in each run',
  },
  {
    place: 'lib/simulation/test-runners/',
    what: ['process', 'node:path', 'node:module'],
    why: 'windows to the test runners, which are found where they are installed',
  },
];

/** Every use of the surrounding world outside of the rooms that are made for it, as a sentence that names the remedy. */
export function findAmbientUses(files: readonly SourceFile[]): readonly string[] {
  return files.flatMap((file) => {
    const uses: string[] = [];
    const { program, module } = parseSync(file.path, file.source);
    for (const { moduleRequest } of module.staticImports) {
      if (moduleRequest.value.startsWith('node:'))
        refuse(file, moduleRequest.value, 'a provider', moduleRequest.start, uses);
    }
    walk(program as unknown as SyntaxNode, (node, parent) => {
      const name = ambientName(node, parent);
      if (name !== undefined) refuse(file, name, AMBIENT[name] ?? 'RandomProvider', node.start, uses);
    });
    return uses;
  });
}

function refuse({ path, source }: SourceFile, what: string, remedy: string, at: number, uses: string[]): void {
  const isAllowed = ALLOWED.some(
    (exception) => path.startsWith(exception.place) && (exception.what.includes('*') || exception.what.includes(what)),
  );
  if (isAllowed) return;
  const line = source.slice(0, at).split('\n').length;
  uses.push(`${path}:${line} uses ${what}: use ${remedy}, so that a simulation can run it.`);
}

function ambientName(node: SyntaxNode, parent: SyntaxNode | undefined): string | undefined {
  if (node.type !== 'Identifier') return undefined;
  const name = node['name'] as string;
  if (name === 'Math' && parent?.type === 'MemberExpression' && (parent['property'] as SyntaxNode)['name'] === 'random')
    return 'Math.random';
  if (!Object.hasOwn(AMBIENT, name)) return undefined;
  // The class Date is data where it is asked for by instanceof, listed, or made from a number; the clock is `now` and `new Date()`.
  if (name === 'Date' && !readsClock(parent)) return undefined;
  return name;
}

function readsClock(parent: SyntaxNode | undefined): boolean {
  if (parent?.type === 'MemberExpression') return (parent['property'] as SyntaxNode)['name'] === 'now';
  const isCall = parent?.type === 'NewExpression' || parent?.type === 'CallExpression';
  return isCall && (parent['arguments'] as readonly unknown[]).length === 0;
}
