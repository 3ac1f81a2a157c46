import { setTimeout as sleep } from 'node:timers/promises';
import type { ActorRuntime, RandomProvider } from 'moonpool';
import type { RegisterValue } from 'moonpool/simulation';
import type { WitnessCapture } from '../../../lib/simulation/workloads/witness-capture';
import { List, Register } from './chaos-actors';
import { machineUs, type HistoryFile } from './history-file';

/** How many calls a process has under way at once. */
const WORKERS = 3;
/** How long a worker rests between two calls at most, in milliseconds. */
const MOST_REST_MS = 90;
/** After so long the keys are others, so that no key has more operations than a search can take in; in milliseconds. */
const GENERATION_MS = 6_000;
/** How many lists, and how many registers, are in use at a time. */
const KEYS = 6;
/** How often an operation goes to a key of an earlier generation. */
const PART_OF_EARLIER = 0.1;
/** The shortest time that a call is given unless the campaign says otherwise, in milliseconds: some end before a fault does. */
const LEAST_TIMEOUT_MS = 1_000;
/** How much more than the least time a call is given at most, in milliseconds. */
const MORE_TIME_MS = 4_000;

/** What a process asks with, and where it writes that down. */
export interface AskerParts {
  readonly runtime: ActorRuntime;
  readonly witnesses: WitnessCapture;
  readonly file: HistoryFile;
  readonly random: RandomProvider;
  /** The shortest time that a call is given, in milliseconds. Default: 1,000. */
  readonly leastTimeoutMs?: number | undefined;
  /** The name of the process. */
  readonly client: string;
  /** Begins all values, and is that of no other life of any process. */
  readonly life: string;
  /** When the campaign began, by {@link machineUs}: so all processes use the same keys. */
  readonly startedAt: number;
}

/** Calls lists and registers without end, each call written down before it is made and when it has ended. */
export class Asker {
  private isOver = false;
  private values = 0;
  private readonly workers: Promise<unknown>;

  constructor(private readonly parts: AskerParts) {
    this.workers = Promise.all(Array.from({ length: WORKERS }, () => this.work()));
  }

  /** Asks for nothing new. Resolves when nothing is under way any more. */
  async end(): Promise<void> {
    this.isOver = true;
    await this.workers;
  }

  private async work(): Promise<void> {
    const { random } = this.parts;
    while (!this.isOver) {
      const key = this.nextKey();
      const code = await (random.below(2) === 0 ? this.askList(`list-${key}`) : this.askRegister(`register-${key}`));
      // The node of this process has ended, and the process soon will.
      if (code === 'RUNTIME_NOT_READY') return;
      await sleep(random.below(MOST_REST_MS));
    }
  }

  private nextKey(): string {
    const { random, startedAt } = this.parts;
    const present = Math.max(0, Math.floor((machineUs() - startedAt) / 1_000 / GENERATION_MS));
    const generation = random.fraction() < PART_OF_EARLIER ? random.below(present + 1) : present;
    return `${generation}-${random.below(KEYS)}`;
  }

  private async askList(key: string): Promise<string | undefined> {
    const list = this.parts.runtime.actor(List, key).$with({ timeoutMs: this.timeoutMs() });
    if (this.parts.random.below(3) === 0) return this.code('read', key, undefined, () => list.read());
    const value = this.nextValue();
    return this.code('append', key, value, () => list.append(value));
  }

  private async askRegister(key: string): Promise<string | undefined> {
    const { random, runtime } = this.parts;
    const register = runtime.actor(Register, key).$with({ timeoutMs: this.timeoutMs() });
    const kind = random.below(4);
    if (kind === 0) {
      const value = this.nextValue();
      return this.code('write', key, value, () => register.write(value));
    }
    const read = await this.ask('read', key, undefined, () => register.read());
    if (!read.isAnswered) return read.code;
    if (kind > 1 || this.isOver) return undefined;
    const change = { expected: read.result as RegisterValue, replacement: this.nextValue() };
    return this.code('cas', key, change, () => register.cas(change));
  }

  private async code<T>(operation: string, key: string, argument: unknown, call: () => Promise<T>) {
    const outcome = await this.ask(operation, key, argument, call);
    return outcome.isAnswered ? undefined : outcome.code;
  }

  private ask<T>(operation: string, key: string, argument: unknown, call: () => Promise<T>) {
    const { client, file, witnesses } = this.parts;
    return file.record({ client, operation, key, argument }, () => witnesses.run(call));
  }

  private nextValue(): string {
    return `${this.parts.life}:${this.values++}`;
  }

  private timeoutMs(): number {
    return (this.parts.leastTimeoutMs ?? LEAST_TIMEOUT_MS) + this.parts.random.below(MORE_TIME_MS);
  }
}
