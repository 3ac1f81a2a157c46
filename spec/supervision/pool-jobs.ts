import { blockingJobs } from '../../lib/providers/blocking-jobs';

/** Jobs of the spec: what goes right, what fails, and what is bad for a thread. */
export const poolJobs = blockingJobs(__filename, {
  square: (number: number) => number * number,
  later: async (text: string) => `${text}!`,
  fail(message: string): never {
    throw new RangeError(message);
  },
  uncopied: (_nothing: null) => () => 1,
  block(ms: number): string {
    // Only a thread may be held up like this.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
    return 'blocked';
  },
  die(code: number): never {
    return process.exit(code);
  },
});
