import { parentPort } from 'node:worker_threads';
import { blockingJobs } from '../../lib/worker-pool/blocking-job-table';

class Refused extends RangeError {
  override readonly name = 'Refused';
  constructor(readonly missing: number) {
    super('too few', { cause: { below: 0 } });
  }
}

class Secretive {
  readonly #amount = 5;
  get amount(): number {
    return this.#amount;
  }
}

/** Jobs of the spec: what goes right, what fails, and what is bad for a thread. */
export const poolJobs = blockingJobs(__filename, {
  square: (number: number) => number * number,
  later: async (text: string) => `${text}!`,
  fail(message: string): never {
    throw new RangeError(message);
  },
  refuse(missing: number): never {
    throw new AggregateError(
      [new Refused(missing), Object.assign(new Error('no such file'), { code: 'ENOENT' })],
      'both',
    );
  },
  uncopied: (_nothing: null) => () => 1,
  secretive: (_nothing: null) => ({ inner: [new Secretive()] }),
  promises: (_nothing: null) => [1, 2].map(async () => Promise.reject(new Error('nobody waits for it'))),
  promisesBesideLost: (_nothing: null) => ({
    list: [Promise.reject(new Error('nobody waits for it'))],
    [Symbol('hidden')]: 1,
  }),
  take: (value: unknown) => value,
  post(message: unknown): string {
    parentPort?.postMessage(message);
    return 'posted';
  },
  unseen: (_nothing: null) => ({
    get part(): never {
      throw new Error('no part');
    },
  }),
  block(ms: number): string {
    // Only a thread may be held up like this.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    return 'blocked';
  },
  die(code: number): never {
    return process.exit(code);
  },
});
