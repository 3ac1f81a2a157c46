import { retry } from 'moonpool';
import {
  Broadcast,
  type LocalActor,
  type LocalContext,
  type LocalHandle,
  type LocalSystem,
  type WorkerPool,
} from 'moonpool/local';
import type { primeJobs } from './prime-jobs';

/** A question and its answer. */
export interface Counted {
  readonly below: number;
  readonly primes: number;
}

/** Remembers answers; every so often it crashes, and then it has forgotten them: its supervisor starts it again. */
export class PrimeDesk implements LocalActor<number, number> {
  private readonly known = new Map<number, number>();

  constructor(
    private readonly context: LocalContext<number, number>,
    private readonly pool: WorkerPool<typeof primeJobs.table>,
    private readonly news: Broadcast<Counted>,
  ) {}

  async receive(below: number): Promise<number> {
    if (this.context.random.below(10) === 0) throw new Error('the desk collapsed');
    const primes =
      this.known.get(below) ?? (await this.pool.run('countPrimes', below, { signal: this.context.signal }));
    this.known.set(below, primes);
    await this.news.publish({ below, primes });
    return primes;
  }
}

/** Two desks under a supervisor, one pool of threads for both, and everybody who wants to hear of results. */
export function openOffice(
  system: LocalSystem,
  jobs: typeof primeJobs,
): { readonly desks: readonly LocalHandle<number, number>[]; readonly news: Broadcast<Counted> } {
  const pool = system.workerPool(jobs, { workers: 2, name: 'primes' });
  const news = new Broadcast<Counted>({ slow: 'drop' });
  const supervisor = system.supervise({
    name: 'office',
    intensity: { restarts: 100 },
    backoff: { minMs: 10, maxMs: 100 },
  });
  const desks = ['left', 'right'].map((name) =>
    supervisor.spawn<number, number>((context) => new PrimeDesk(context, pool, news), { name, mailboxCapacity: 20 }),
  );
  return { desks, news };
}

/** Asks until there is an answer: a desk that collapses over the question is asked again when it stands. */
export async function askUntilAnswered(
  desk: LocalHandle<number, number>,
  below: number,
): Promise<{ readonly primes: number; readonly attempts: number }> {
  let attempts = 0;
  const primes = await retry(
    ({ attempt }) => {
      attempts = attempt;
      return desk.request(below);
    },
    { isWorthRepeating: () => !desk.hasEnded },
  );
  return { primes, attempts };
}
