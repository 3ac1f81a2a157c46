import { blockingJobs } from 'moonpool/local';

/** What takes long enough to be a thread's business. */
export const primeJobs = blockingJobs(__filename, {
  /** How many primes there are below the bound. */
  countPrimes(below: number): number {
    const composite = new Uint8Array(below);
    let count = 0;
    for (let number = 2; number < below; number++) {
      if (composite[number] === 1) continue;
      count++;
      for (let multiple = number * number; multiple < below; multiple += number) composite[multiple] = 1;
    }
    return count;
  },
});
