import * as os from 'node:os';
import type { AmbientFunction } from '../ambient/ambient-access';
import { plain } from '../ambient/builtin-owner';
import {
  guardedFunction,
  replaceProperty,
  replaceReading,
  type WorldAnswer,
  type AnyFunction,
  type Replacement,
} from '../ambient/replacement';

/** What a machine of the simulated world says of itself: the same on each machine that runs the simulation. */
const MEMORY_BYTES = 8 * 1024 ** 3;
const USED = {
  rss: 64 * 1024 ** 2,
  heapTotal: 32 * 1024 ** 2,
  heapUsed: 16 * 1024 ** 2,
  external: 1024 ** 2,
  arrayBuffers: 0,
};
const CPU = { model: 'simulated', speed: 0, times: { user: 0, nice: 0, sys: 0, idle: 0, irq: 0 } };
const PROCESS_ID = 1;

/** What is asked of the process and its machine: how much they have used, how much there is, and what they are called. */
export function machineReplacements(): readonly (Replacement | undefined)[] {
  const replace = (owner: object, name: string, property: string, answer: WorldAnswer): Replacement | undefined =>
    replaceProperty(owner, property, (real) => guardedFunction(figure(`${name}.${property}`), real, answer));
  const ofProcess = (property: string, answer: WorldAnswer): Replacement | undefined =>
    replace(process, 'process', property, answer);
  const ofMachine = (property: string, answer: WorldAnswer): Replacement | undefined =>
    replace(plain(os), 'os', property, answer);
  return [
    ofProcess('cpuUsage', () => ({ user: 0, system: 0 })),
    ofProcess('threadCpuUsage', () => ({ user: 0, system: 0 })),
    replaceProperty(process, 'resourceUsage', (real) =>
      guardedFunction(figure('process.resourceUsage'), real, () => zeroed(Reflect.apply(real, process, []) as object)),
    ),
    replaceProperty(process, 'memoryUsage', guardedMemoryUsage),
    ofProcess('constrainedMemory', () => MEMORY_BYTES),
    ofProcess('availableMemory', () => MEMORY_BYTES / 2),
    replaceReading(process, 'pid', figure('process.pid'), () => PROCESS_ID),
    replaceReading(process, 'ppid', figure('process.ppid'), () => 0),
    ofMachine('availableParallelism', () => 1),
    ofMachine('cpus', () => [structuredClone(CPU)]),
    ofMachine('freemem', () => MEMORY_BYTES / 2),
    ofMachine('totalmem', () => MEMORY_BYTES),
    ofMachine('loadavg', () => [0, 0, 0]),
    ofMachine('hostname', (world) => world.machineName),
    replaceProperty(plain(os), 'uptime', (real) =>
      guardedFunction(
        { ...figure('os.uptime'), remedy: 'ask context.time.now() in an actor, cluster.now in a test' },
        real,
        (world) => world.monotonicMs() / 1_000,
      ),
    ),
  ];
}

function figure(name: string): AmbientFunction {
  return {
    name,
    kind: 'answered',
    remedy:
      'ask before the simulation begins, or put it behind a token of the container: it differs from run to run and from machine to machine',
  };
}

/** `process.memoryUsage` with its `rss`. */
function guardedMemoryUsage(real: AnyFunction): AnyFunction {
  const guarded = guardedFunction(figure('process.memoryUsage'), real, () => ({ ...USED }));
  const rss = guardedFunction(
    figure('process.memoryUsage.rss'),
    Reflect.get(real, 'rss') as AnyFunction,
    () => USED.rss,
  );
  Object.defineProperty(guarded, 'rss', { value: rss, configurable: true, writable: true, enumerable: true });
  return guarded;
}

function zeroed(figures: object): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.keys(figures).map((name) => [name, 0]));
}
