import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A code block of a page that is compiled and run. */
export interface Example {
  /** The page and the heading above it. */
  readonly title: string;
  readonly code: string;
}

/** The code blocks in TypeScript of a page, each under the heading that it stands below. */
export function examplesOf(page: string, text: string): readonly Example[] {
  const examples: Example[] = [];
  let heading = '';
  let block: string[] | undefined;
  for (const line of text.split('\n')) {
    if (block === undefined && line.startsWith('#')) heading = line.replace(/^#+ /, '');
    if (block === undefined) {
      if (line === '```ts') block = [];
    } else if (line === '```') {
      examples.push({ title: `${page}: ${heading}`, code: block.join('\n') });
      block = undefined;
    } else block.push(line);
  }
  return examples;
}

const NAMES = [
  'Actor',
  'ActorContext',
  'ActorJournal',
  'ActorRuntime',
  'ActorState',
  'AlwaysInterleave',
  'Handler',
  'inject',
  'isMoonpoolError',
  'Journal',
  'JournalEvent',
  'Logger',
  'mapOf',
  'memory',
  'namedStorage',
  'gateways',
  'nullable',
  'Observer',
  'ObserverSet',
  'oneOf',
  'Persist',
  'Reentrant',
  'Reminder',
  'required',
  'StatelessWorker',
  'Timer',
  'token',
  'unchecked',
];
const NAMES_OF_MODULES = [
  'contributions',
  'HealthChecks',
  'InspectionPages',
  'metric',
  'Metrics',
  'Placements',
  'labelledPlacement',
  'partitionedDirectory',
  'StateStorage',
  'StorageModel',
];
const RULES = ['Allow', 'IsInt', 'IsPositive', 'IsString', 'Min', 'ValidateNested'];
const TYPES = [
  'ActorClass',
  'ActorId',
  'ActorReference',
  'CallFilter',
  'ContainerModule',
  'DeactivationReason',
  'DueReminder',
  'OnMigrate',
  'SecurityOptions',
  'StartupTask',
];
const TYPES_OF_MODULES = [
  'Bound',
  'PlacementCandidate',
  'PlacementStrategy',
  'ActorQuery',
  'DeliveryQuery',
  'DeliveryRange',
  'Forgetting',
  'NewDelivery',
  'Settlement',
  'StateCommit',
];

/** What the page says that stands around its examples. */
function programOf({ code }: Example): string {
  return `import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ${NAMES.join(', ')}, ${TYPES.map((type) => `type ${type}`).join(', ')} } from 'moonpool';
import { ${NAMES_OF_MODULES.join(', ')}, ${TYPES_OF_MODULES.map((type) => `type ${type}`).join(', ')} } from 'moonpool/modules';
import { contractCases, stateStorageContract, type ContractWorld } from 'moonpool/contracts';
import { postgres, preparePostgres } from 'moonpool/postgres';
import { monitoringHandler, prometheusText } from 'moonpool/prometheus';
import { Pool } from 'pg';
import { Type } from 'class-transformer';
import { ${RULES.join(', ')} } from 'class-validator';

const runtimes: ActorRuntime[] = [];
const quiet = { name: 'quiet', load: (bind: Parameters<import('moonpool').ContainerModule['load']>[0]) => bind(Logger).toValue({ info() {}, warn() {}, error() {} }) };
async function start(...actors: ActorClass[]): Promise<ActorRuntime> {
  const runtime = await ActorRuntime.start({ namespace: 'example', actors, modules: [quiet] });
  runtimes.push(runtime);
  return runtime;
}

export async function run(): Promise<void> {
  try {
    await example();
  } finally {
    for (const runtime of runtimes) await runtime.shutdown();
  }
}

async function example(): Promise<void> {
${code}
}
`;
}

/**
 * Compiles all examples at once, in a folder of the build, so that they find the package as its users do.
 * @param folderName a folder that is nobody else's. @returns the files that hold them.
 */
export async function compileExamples(
  root: string,
  examples: readonly Example[],
  folderName = 'documentation',
): Promise<readonly string[]> {
  const folder = join(root, 'dist', folderName);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const settings = JSON.parse(await readFile(join(root, 'tsconfig.json'), 'utf8')) as { compilerOptions: object };
  const compilerOptions = {
    ...settings.compilerOptions,
    rootDir: '.',
    outDir: '.',
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
    incremental: false,
    tsBuildInfoFile: undefined,
    declaration: false,
    noUnusedLocals: false,
  };
  const names = examples.map((_, index) => `example-${index + 1}`);
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: names.map((name) => `${name}.ts`) }),
  );
  await Promise.all(
    examples.map((example, index) => writeFile(join(folder, `${names[index]}.ts`), programOf(example))),
  );
  const compiler = join(root, 'node_modules', 'typescript', 'lib', 'tsc.js');
  const complaints = await new Promise<string>((done) => {
    execFile(process.execPath, [compiler, '-p', folder], (error, stdout) =>
      done(error === null ? '' : stdout || String(error)),
    );
  });
  if (complaints !== '') throw new Error(complaints);
  return names.map((name) => join(folder, `${name}.js`));
}
