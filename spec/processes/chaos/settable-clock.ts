import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';

/** How the threads of a process share by how much its wall clock is wrong. */
const NAME = 'moonpool-chaos-clock';
const MachineDate = Date;
const offset = new BigInt64Array(sharedOffset());

function sharedOffset(): SharedArrayBuffer {
  if (!isMainThread) return getEnvironmentData(NAME) as SharedArrayBuffer;
  const memory = new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT);
  setEnvironmentData(NAME, memory);
  return memory;
}

const now = (): number => MachineDate.now() + Number(Atomics.load(offset, 0));

/**
 * Loaded before everything else (`--require`), in all threads of a process: its wall clock can be set, as by hand or by the network, while the clocks of
 * all others stay. What is monotonic goes on.
 */
globalThis.Date = new Proxy(MachineDate, {
  construct: (target, args: [], newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new MachineDate(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});

/** Sets the wall clock of this process to so many milliseconds from what the machine says. */
export function setWallClock(byMs: number): void {
  Atomics.store(offset, 0, BigInt(byMs));
}
