import type { RandomProvider } from 'moonpool';
import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import { Acknowledgements, type Attempt } from './acknowledgements';
import { audit } from './audit';
import { Bed, StoreGone, type BedOptions } from './bed';
import { repeat } from './load';
import { NodeError } from './node-process';
import { ROUNDS, type RoundName } from './rounds';

/** Rounds of one kind on one database. */
export interface Row extends BedOptions {
  readonly title: string;
  readonly round: RoundName;
  readonly rounds: number;
  readonly seed: number;
}

/** What the rounds of a row came to. */
export interface RowResult {
  readonly rounds: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly torn: number;
  /** Codes of the errors that callers got, and how often. */
  readonly failures: ReadonlyMap<string, number>;
  /** What went wrong, as sentences. */
  readonly complaints: readonly string[];
}

/** How long messages and reminders may take to arrive after a start, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Runs the rounds of a row one after the other, and ends with the first one after which something is wrong. */
export class RowRun {
  private acknowledged = 0;
  private readonly failures = new Map<string, number>();
  private readonly random: RandomProvider;

  constructor(
    private readonly row: Row,
    private readonly onRound: (round: number) => void = () => undefined,
  ) {
    this.random = new Xoshiro128(row.seed);
  }

  /** @param isStopped is asked before each round. */
  async run(isStopped: () => boolean = () => false): Promise<RowResult> {
    let bed: Bed;
    try {
      bed = await Bed.create(this.row);
    } catch (error) {
      return { ...this.result(0), complaints: [(error as Error).message] };
    }
    const log = new Acknowledgements(bed.safeFile('acknowledged'));
    let done = 0;
    try {
      await bed.startNode();
      for (; done < this.row.rounds && !isStopped(); done++) {
        const problem = await this.round(bed, log, done);
        if (problem !== undefined) return { ...problem, rounds: done + 1 };
        this.onRound(done + 1);
      }
      return (await this.inspect(bed, log.read())) ?? this.result(done);
    } catch (error) {
      // A store that cannot be read any more has lost all; other errors are those of this campaign, and show nothing.
      const isStoreGone =
        error instanceof StoreGone || (error instanceof NodeError && error.code.startsWith('STORAGE_'));
      const lost = isStoreGone ? this.acknowledged : 0;
      return { ...this.result(done + 1), lost, complaints: [(error as Error).message] };
    } finally {
      log.close();
      await bed.remove();
    }
  }

  private async round(bed: Bed, log: Acknowledgements, number: number): Promise<RowResult | undefined> {
    const load = await ROUNDS[this.row.round]({ bed, log, random: this.random, name: `r${number}` });
    this.acknowledged += load.acknowledged;
    for (const [code, count] of load.failures) this.failures.set(code, (this.failures.get(code) ?? 0) + count);
    await repeat(await bed.startNode(), load.unanswered, log);
    // The round before is looked at again: what comes twice may come late.
    const names = [number, number - 1].map((round) => `r${round}.`);
    const attempts = [...log.read()].filter(([key]) => names.some((name) => key.startsWith(name)));
    return this.inspect(bed, new Map(attempts));
  }

  private async inspect(bed: Bed, attempts: ReadonlyMap<string, Attempt>): Promise<RowResult | undefined> {
    const { lost, doubled, torn } = await audit(bed.node, attempts, PATIENCE_MS);
    const complaints = [...lost, ...doubled, ...torn];
    if (complaints.length === 0) return undefined;
    return {
      ...this.result(this.row.rounds),
      lost: lost.length,
      doubled: doubled.length,
      torn: torn.length,
      complaints: complaints.slice(0, 10),
    };
  }

  private result(rounds: number): RowResult {
    const { acknowledged, failures } = this;
    return { rounds, acknowledged, lost: 0, doubled: 0, torn: 0, failures, complaints: [] };
  }
}
