import type { ActorReference } from 'moonpool';
import type { Ledger } from './life-actors';
import type { NodeName, ProcessFleet } from './process-fleet';
import { timedCall, type Outcome } from './timed-call';

/** An entry that was asked for, and what came of it. */
export interface Attempt extends Outcome {
  readonly ledger: string;
  readonly entry: number;
}

/** Between two calls of one writer, in milliseconds: each write is synced to the disk. */
const PAUSE_MS = 4;

/** Writers who enter one number after the other into ledgers: each attempt has a number of its own and is made once. */
export class Load {
  readonly attempts: Attempt[] = [];
  private isOver = false;
  private entry = 0;
  private readonly writers: readonly Promise<void>[];

  /**
   * @param from who writes: the client, or nodes. Each has one writer for each ledger.
   * @param timeoutMs what each call is given.
   */
  constructor(
    private readonly fleet: ProcessFleet,
    ledgers: readonly ActorReference<Ledger>[],
    from: readonly ('client' | NodeName)[],
    private readonly timeoutMs: number,
  ) {
    this.writers = from.flatMap((name) => ledgers.map((ledger) => this.write(name, ledger)));
  }

  /** The attempts that were acknowledged, on whichever node. */
  acknowledged(ledger: ActorReference<Ledger>): readonly Attempt[] {
    return this.attempts.filter((attempt) => attempt.ledger === ledger.$id.path && attempt.error === undefined);
  }

  get failed(): readonly Attempt[] {
    return this.attempts.filter(({ error }) => error !== undefined);
  }

  /** No further attempts; resolves when all have been settled. */
  async end(): Promise<void> {
    this.isOver = true;
    await Promise.all(this.writers);
  }

  private async write(from: 'client' | NodeName, ledger: ActorReference<Ledger>): Promise<void> {
    const { fleet, timeoutMs } = this;
    while (!this.isOver) {
      const entry = ++this.entry;
      const outcome =
        from === 'client'
          ? await timedCall(from, timeoutMs, () => ledger.$with({ timeoutMs }).enter(entry))
          : await fleet.call(from, ledger, 'enter', [entry], { timeoutMs });
      this.attempts.push({ ...outcome, ledger: ledger.$id.path, entry });
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
