import { setTimeout as sleep } from 'node:timers/promises';
import type { RandomProvider } from 'moonpool';
import type { Acknowledgements } from './acknowledgements';
import type { Change } from './node-messages';
import { NodeError, type NodeProcess } from './node-process';

/** How many changes a client has under way at once, and to how many accounts. */
const WRITERS = 12;
const ACCOUNTS = 6;
/** How long a writer waits after an error, in milliseconds. */
const PAUSE_MS = 20;

/** Random changes to a node, each written down before it is asked for and when it is acknowledged. */
export class Load {
  /** How often each code of an error came. */
  readonly failures = new Map<string, number>();
  /** Without an answer, or with an error that leaves open whether it was done. */
  readonly unanswered: Change[] = [];
  acknowledged = 0;
  private begun = 0;
  private isOver = false;
  private isCut = false;
  private readonly writers: Promise<void>;

  /** @param name begins all keys and accounts, so that no two loads have one in common. */
  constructor(
    private readonly node: NodeProcess,
    private readonly log: Acknowledgements,
    private readonly random: RandomProvider,
    private readonly name: string,
  ) {
    this.writers = Promise.all(Array.from({ length: WRITERS }, () => this.write())).then(() => undefined);
  }

  /** Waits for what is under way. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.writers;
  }

  /**
   * The power is about to be cut: what is answered from now on is not taken for acknowledged. A sync that is under way while a file system of
   * Linux is shut down may succeed though nothing of it is on the disk, which no loss of power does: it ends the machine that is answered.
   */
  cut(): void {
    this.isCut = true;
  }

  private async write(): Promise<void> {
    while (!this.isOver && this.node.isUp) {
      const change = this.nextChange();
      this.log.tries(change);
      if (await this.isDone(change)) continue;
      this.unanswered.push(change);
      await sleep(PAUSE_MS);
    }
  }

  private async isDone(change: Change): Promise<boolean> {
    try {
      await this.node.change(change);
    } catch (error) {
      const code = error instanceof NodeError ? error.code : 'none';
      this.failures.set(code, (this.failures.get(code) ?? 0) + 1);
      return false;
    }
    // It is neither acknowledged nor a failure: it is asked for again, as what was never answered.
    if (this.isCut) return false;
    this.log.acknowledges(change);
    this.acknowledged++;
    return true;
  }

  private nextChange(): Change {
    const key = `${this.name}.${this.begun++}`;
    const account = `${this.name}-${this.random.below(ACCOUNTS)}`;
    const kind = this.random.fraction();
    if (kind < 0.05) return { kind: 'alarm', key, delayMs: this.random.below(400) };
    return { kind: kind < 0.25 ? 'tell' : 'enter', key, account };
  }
}

/** Asks again, under its key, for each second change of which nobody knows whether it was done. */
export async function repeat(node: NodeProcess, changes: readonly Change[], log: Acknowledgements): Promise<void> {
  await Promise.all(
    changes.map(async (change, index) => {
      if (index % 2 === 0) return;
      try {
        await node.change(change);
      } catch (error) {
        if (error instanceof NodeError) return;
        throw error;
      }
      log.acknowledges(change);
    }),
  );
}
