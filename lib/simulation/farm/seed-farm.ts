import { Worker } from 'node:worker_threads';
import { MoonpoolError } from '../../errors/moonpool-error';
import { companionFile } from '../../providers/node/companion-file';
import type { RunRecipe } from '../seed-run/run-recipe';
import type { SeedResult } from '../seed-run/seed-result';
import type { ResultListener, SeedRunner } from '../runner/seed-runner';
import { Harvest } from './harvest';
import {
  fromAnswer,
  unpackFailure,
  type FarmAnswer,
  type FarmRefusal,
  type FarmSetting,
  type FarmTask,
} from './farm-message';

/** How many tasks a worker holds: one that it runs and one to go on with. */
const TASKS_OF_A_WORKER = 2;

/** How far runs may be ahead of the result that is told next, for each worker; what is ahead waits in memory. */
const AHEAD_FOR_EACH_WORKER = 64;

interface FarmHand {
  readonly worker: Worker;
  /** What it was sent and has not answered, oldest first. */
  readonly tasks: FarmTask[];
}

/** Runs recipes on many threads. Results come in the order of the recipes: how many threads there are changes only the time. */
export class SeedFarm implements SeedRunner {
  private readonly hands = new Set<FarmHand>();
  private harvest: Harvest | undefined;
  private closed = false;

  /** @param jobs how many threads. */
  constructor(
    private readonly setting: FarmSetting,
    private readonly jobs: number,
  ) {}

  async run(recipes: Iterable<RunRecipe>, onResult: ResultListener): Promise<void> {
    const harvest = new Harvest(recipes, onResult, this.jobs * AHEAD_FOR_EACH_WORKER);
    this.harvest = harvest;
    try {
      while (this.hands.size < this.jobs && !this.closed) this.hire();
      for (const hand of this.hands) this.feed(hand);
      await harvest.done;
    } finally {
      this.harvest = undefined;
      // Who still runs what nobody wants any more would be late for the next recipes.
      for (const hand of [...this.hands]) if (hand.tasks.length > 0) await this.dismiss(hand);
    }
  }

  /** Ends the threads, also in the middle of a run. */
  async close(): Promise<void> {
    this.closed = true;
    this.harvest?.stop();
    await Promise.all([...this.hands].map((hand) => this.dismiss(hand)));
  }

  private hire(): FarmHand {
    const hand: FarmHand = {
      worker: new Worker(companionFile(__dirname, 'lib/simulation/farm/farm-worker.js'), { workerData: this.setting }),
      tasks: [],
    };
    this.hands.add(hand);
    hand.worker.on('message', (answer: FarmAnswer | FarmRefusal) => {
      if ('refused' in answer) this.harvest?.fail(unpackFailure(answer.refused));
      else this.onAnswer(hand, answer);
    });
    hand.worker.on('error', (cause) => this.onDeath(hand, cause));
    hand.worker.on('exit', (code) => this.onDeath(hand, new Error(`the thread ended with code ${code}`)));
    return hand;
  }

  private async dismiss(hand: FarmHand): Promise<void> {
    this.hands.delete(hand);
    await hand.worker.terminate();
  }

  private feed(hand: FarmHand): void {
    while (hand.tasks.length < TASKS_OF_A_WORKER) {
      const task = this.harvest?.next();
      if (task === undefined) return;
      hand.tasks.push(task);
      hand.worker.postMessage(task);
    }
  }

  private onAnswer(hand: FarmHand, answer: FarmAnswer): void {
    hand.tasks.shift();
    this.harvest?.bring(answer.number, fromAnswer(answer));
    // A result that is told may let others go on who were too far ahead.
    for (const other of this.hands) this.feed(other);
  }

  /** A thread that dies has its run to blame: out of memory, or code that ended the process. The others go on. */
  private onDeath(hand: FarmHand, cause: Error): void {
    if (!this.hands.delete(hand)) return;
    const { harvest } = this;
    if (harvest === undefined) return;
    const [running, ...waiting] = hand.tasks;
    if (running === undefined) {
      // It died before it ran anything: the file cannot be used, and the next thread would die of the same.
      harvest.fail(cause);
      return;
    }
    harvest.giveBack(waiting);
    harvest.bring(running.number, resultOfDeath(running.recipe, cause));
    if (!this.closed) this.feed(this.hire());
  }
}

function resultOfDeath(recipe: RunRecipe, cause: Error): SeedResult {
  const message = `The thread that ran the seed died: ${cause.message}`;
  return {
    seed: recipe.seed,
    recipe,
    error: new MoonpoolError('SIMULATION_THREAD_DIED', { message, cause }),
    hash: '',
    events: 0,
    virtualMs: 0,
    realMs: 0,
    coverage: [],
    faults: new Map(),
    struck: [],
    accesses: [],
    discoveries: [],
    staleCalls: 0,
    lastEvents: [],
  };
}
