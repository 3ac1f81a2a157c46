import { isMoonpoolError, type ActorRuntime } from 'moonpool';
import { Ledger, Teller } from './rolling-actors';

/** How many calls of a client are under way at once, and how long each rests between two, in milliseconds. */
const WORKERS = 6;
const REST_MS = 4;
/** How many ledgers and tellers each client has. */
const SPREAD = 12;

/** What a client made of its load. */
export interface LoadReport {
  /** How many calls were answered. */
  readonly answered: number;
  /** How many failed and were surely not executed, so that they were made again. */
  readonly repeated: number;
  /** What the contract does not allow where nodes end in order, as sentences. */
  readonly broken: readonly string[];
  /** What each ledger must hold, by its key: all that was acknowledged, and nothing else. */
  readonly acknowledged: Readonly<Record<string, number>>;
}

/** Calls of every kind that one process makes, one after another in a few loops, until it is to stop. */
export class RollingLoad {
  private answered = 0;
  private repeated = 0;
  private readonly broken: string[] = [];
  private readonly acknowledged: Record<string, number> = {};
  private isOver = false;
  private readonly workers: readonly Promise<void>[];

  constructor(
    private readonly runtime: ActorRuntime,
    private readonly name: string,
  ) {
    this.workers = Array.from({ length: WORKERS }, (_, number) => this.work(number));
  }

  async stop(): Promise<LoadReport> {
    this.isOver = true;
    await Promise.all(this.workers);
    const { answered, repeated, broken, acknowledged } = this;
    return { answered, repeated, broken, acknowledged };
  }

  private async work(worker: number): Promise<void> {
    for (let round = worker; !this.isOver; round += WORKERS) {
      await this.step(round);
      await new Promise((resolve) => setTimeout(resolve, REST_MS));
    }
  }

  private step(round: number): Promise<void> {
    const ledger = `${this.name}-${round % SPREAD}`;
    const teller = this.runtime.actor(Teller, `${this.name}-${(round * 7) % SPREAD}`);
    const trace = `${this.name}/${round}`;
    switch (round % 4) {
      case 0:
        return this.make(ledger, () => this.runtime.actor(Ledger, ledger).add(1));
      case 1:
        return this.make(ledger, async () => {
          const told = await teller.$with({ context: { trace } }).pay(ledger, 1);
          if (told !== trace) this.broken.push(`the trace ${trace} came back as ${told}`);
        });
      case 2: {
        const { signal } = new AbortController();
        return this.make(ledger, () => this.runtime.actor(Ledger, ledger).$with({ signal }).add(1));
      }
      default:
        return this.make(undefined, () => this.expectFailure(teller.fail()));
    }
  }

  /** Makes the call until it is answered. @param ledger to which it adds 1. */
  private async make(ledger: string | undefined, call: () => Promise<unknown>): Promise<void> {
    for (;;) {
      try {
        await call();
        this.answered++;
        if (ledger !== undefined) this.acknowledged[ledger] = (this.acknowledged[ledger] ?? 0) + 1;
        return;
      } catch (error) {
        if (!isMoonpoolError(error) || error.executed !== 'no') {
          this.broken.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
          return;
        }
        this.repeated++;
        await new Promise((resolve) => setTimeout(resolve, REST_MS * 5));
      }
    }
  }

  private async expectFailure(call: Promise<void>): Promise<void> {
    try {
      await call;
    } catch (error) {
      if (error instanceof RangeError && error.message === 'it was asked to') return;
      throw error;
    }
    this.broken.push('a handler that throws was answered');
  }
}
