import type { EventFields } from '../../observability/event-log';
import { KeyedRolls, type FaultSelection } from '../random/keyed-rolls';
import type { Reseed } from './reseed';
import { BudgetGuard, DEFAULT_BUDGET, type Budget, type RealClock } from './budget';
import { EventQueue, eventKind, type EventKind, type ScheduledEvent } from '../timeline/event-queue';
import type { TimelineEventName } from '../timeline/event-names';
import { NodeLife } from '../timeline/node-life';
import { watchRejections, choosePump, type Pump, type Step } from './settle';
import { PausedLives } from './paused-lives';
import { deadlock, overspent, unhandled } from './run-failures';
import { RunningHash } from '../timeline/running-hash';
import { Timeline } from '../timeline/timeline';
import type { Trace } from '../trace/trace';
import type { TurnObserver } from '../timeline/turn-observer';
import { onGrain, TIME_GRAIN_MS } from '../timeline/virtual-time';

/** What a run is made from. */
export interface EngineSetting {
  /** A safe integer that decides everything which is left open. */
  readonly seed: number;
  readonly clock: RealClock;
  readonly budget?: Partial<Budget>;
  /** Which faults strike of those that the seed says would. Default: all. */
  readonly faults?: FaultSelection;
  /** Where the run turns from the way of its seed, in the order of their events. Default: nowhere. */
  readonly reseeds?: readonly Reseed[];
  /** Takes down every step, or compares it with another run's. */
  readonly trace?: Trace;
  /** How promise jobs are run between events. Default: the fastest way that works here. */
  readonly pump?: Pump;
}

/** Stands around the events of a run. Between the two calls nothing but the run happens in this process. */
export interface EngineGuard {
  /** Before the first event. */
  enter(): void;
  /** After the last event, and once more when the run is over, however it ended. */
  leave(): void;
}

/** Says what something waits for, in lines for a report. */
export type WaitReporter = () => readonly string[];

const BODY = eventKind('body');

/**
 * Makes things happen in virtual time: takes the next event, moves the clock to it, runs it, lets all promise jobs run
 * to their end, and looks whether all is well. Nothing else moves in the simulated world.
 */
export class SimulationEngine {
  readonly seed: number;
  readonly rolls: KeyedRolls;
  readonly timeline: Timeline;
  /** How often each fault struck, by site. */
  readonly faults = new Map<string, number>();
  /** The names of all faults that struck, in their order. */
  readonly struck: string[] = [];
  private readonly hash = new RunningHash();
  private readonly queue: EventQueue;
  private readonly guard: BudgetGuard;
  private readonly waits: WaitReporter[] = [];
  private readonly observers: (() => void)[] = [];
  private time = 0;
  private happened = 0;
  private readonly paused = new PausedLives();
  private lives = 0;
  private stale = 0;
  private readonly reseeds: Reseed[];
  private nextReseedAt: number;
  private failure: { readonly error: unknown } | undefined;
  private life: NodeLife | undefined;
  private outpost: EngineGuard | undefined;
  private turnObserver: TurnObserver | undefined;

  constructor(private readonly setting: EngineSetting) {
    this.seed = setting.seed;
    this.rolls = new KeyedRolls(setting.seed, (name, site) => this.onFault(name, site), setting.faults);
    this.timeline = new Timeline(this.hash, (error) => this.fail(error));
    this.queue = new EventQueue(this.rolls.word('tie-break'));
    this.guard = new BudgetGuard({ ...DEFAULT_BUDGET, ...setting.budget }, setting.clock);
    this.reseeds = [...(setting.reseeds ?? [])];
    this.nextReseedAt = this.reseeds[0]?.atEvent ?? Infinity;
    setting.trace?.follow(this.timeline, (error) => this.fail(error));
  }

  /** Virtual milliseconds since the run began. */
  get now(): number {
    return this.time;
  }

  /** How many events have happened. */
  get events(): number {
    return this.happened;
  }

  /** In whose process code runs, as far as it is known; undefined for the test and the world itself. */
  get currentLife(): NodeLife | undefined {
    return this.life;
  }

  /** Says in whose process the code goes on: a delivery is an event of the world, and what it sets off is not. */
  enterLife(life: NodeLife): void {
    this.life = life;
  }

  /** Lets the guard stand around the events. Call it before the run. */
  guardWith(guard: EngineGuard): void {
    this.outpost = guard;
  }

  /** How often code of a dead life reached for the world: each time, something shared with the living had woken it. */
  get staleCalls(): number {
    return this.stale;
  }

  /** The hash over everything that happened so far. */
  get fingerprint(): string {
    return this.hash.toString();
  }

  /** Begins a life of a machine's process. */
  beginLife(machine: string, generation: number): NodeLife {
    const life: NodeLife = new NodeLife(machine, generation, ++this.lives, () => this.onStaleCall(life));
    life.observer = this.turnObserver;
    return life;
  }

  /** Ends a life: nothing that it still had before it will happen. Returns how many events that were. */
  endLife(life: NodeLife): number {
    life.end(this.happened);
    return this.paused.release(life).length + this.queue.purge(life);
  }

  /** The life stands still until it is resumed: whatever would happen in it meanwhile happens then. */
  pause(life: NodeLife): void {
    if (life.isAlive) this.paused.pause(life);
  }

  /** The life goes on: all that was kept from it happens now, in the order in which it would have. */
  resume(life: NodeLife): void {
    for (const [index, event] of this.paused.release(life).entries())
      this.queue.putBack(event, this.time + index * TIME_GRAIN_MS);
  }

  /** Lets something happen after the delay. @param life whose process it happens in; undefined for the world itself. */
  schedule(delayMs: number, kind: EventKind, life: NodeLife | undefined, run: () => void): ScheduledEvent {
    return this.add(this.time + onGrain(delayMs), kind, life, run);
  }

  /** Lets something happen at the virtual time, or at once when that has passed. */
  scheduleAt(time: number, kind: EventKind, life: NodeLife | undefined, run: () => void): ScheduledEvent {
    return this.add(Math.max(this.time, onGrain(time)), kind, life, run);
  }

  cancel(event: ScheduledEvent): void {
    this.queue.cancel(event);
    this.paused.forget(event);
  }

  /** Notes in the timeline what happened. */
  record(life: NodeLife | undefined, name: TimelineEventName, fields: EventFields = {}): void {
    this.timeline.record(this.time, life, name, fields);
  }

  /** Makes the run fail. The first failure counts. */
  fail(error: unknown): void {
    this.failure ??= { error };
  }

  /** Asks the reporter what is being waited for, when a run cannot go on. */
  reportsWaits(reporter: WaitReporter): void {
    this.waits.push(reporter);
  }

  /** Has the code of actors looked after, in all lives that begin from now on. */
  observesTurns(observer: TurnObserver): void {
    this.turnObserver = observer;
  }

  /** Calls the observer after each event and its promise jobs; what it throws fails the run. */
  afterEachEvent(observer: () => void): void {
    this.observers.push(observer);
  }

  /** What is waited for, in lines for a report. */
  describeWaits(): readonly string[] {
    return this.waits.flatMap((reporter) => reporter());
  }

  /**
   * Runs the body to its end, and with it everything that it sets in motion.
   * @throws what the body throws, or the failure of the run: MoonpoolError SIMULATION_DEADLOCK, SIMULATION_BUDGET_EXCEEDED,
   * UNHANDLED_REJECTION; an error thrown by an event or an observer.
   */
  async run(body: () => Promise<void>): Promise<void> {
    const progress = { ended: false };
    const fail = (error: unknown) => this.fail(error);
    const begin = () => {
      body().then(() => (progress.ended = true), fail);
    };
    const pump = this.setting.pump ?? (await choosePump());
    this.schedule(0, BODY, undefined, begin);
    const release = watchRejections((reason) => this.fail(unhandled(reason)));
    try {
      await pump(
        this.guarded(() => this.step(progress)),
        fail,
      );
    } finally {
      this.outpost?.leave();
      release();
    }
    if (this.failure !== undefined) throw this.failure.error;
  }

  /** The steps of a run with the guard around them: before the first, the pump may still wait for its turn. */
  private guarded(step: Step): Step {
    const { outpost } = this;
    if (outpost === undefined) return step;
    let hasBegun = false;
    return () => {
      if (!hasBegun) outpost.enter();
      hasBegun = true;
      const goesOn = step();
      if (!goesOn) outpost.leave();
      return goesOn;
    };
  }

  private add(time: number, kind: EventKind, life: NodeLife | undefined, run: () => void): ScheduledEvent {
    const event = this.queue.add(time, kind, life, run);
    this.setting.trace?.scheduled(event);
    return event;
  }

  /** One event. False when the run has ended, well or not. */
  private step(progress: { readonly ended: boolean }): boolean {
    this.observe();
    if (this.failure !== undefined || progress.ended) return false;
    const event = this.queue.take();
    if (event === undefined) this.fail(deadlock(this.describeWaits()));
    else if (event.life?.isPaused === true) this.paused.hold(event.life, event);
    else if (!this.overspends(event)) this.happen(event);
    return true;
  }

  private observe(): void {
    try {
      for (const observer of this.observers) observer();
    } catch (error) {
      this.fail(error);
    }
  }

  private happen(event: ScheduledEvent): void {
    this.time = event.time;
    this.life = event.life;
    this.happened++;
    if (this.happened === this.nextReseedAt) this.reseed();
    this.hash.addNumber(event.time);
    this.hash.addWord(event.kind.hash + (event.life?.number ?? 0));
    this.setting.trace?.step(event);
    try {
      event.run();
    } catch (error) {
      this.fail(error);
    }
  }

  private reseed(): void {
    const reseed = this.reseeds.shift() as Reseed;
    this.rolls.reseed(reseed.seed);
    this.queue.seed = this.rolls.word('tie-break', `#${reseed.seed}`);
    this.nextReseedAt = this.reseeds[0]?.atEvent ?? Infinity;
  }

  private overspends(event: ScheduledEvent): boolean {
    const limit = this.guard.exceeded(event.time, this.happened);
    if (limit === undefined) return false;
    this.fail(overspent(limit, this.describeWaits()));
    return true;
  }

  /** Code that was running when its process died still runs to its next wait; nothing shared has woken it. */
  private onStaleCall(life: NodeLife): void {
    if (life.endedAtEvent < this.happened) this.stale++;
  }

  private onFault(name: string, site: string): void {
    this.struck.push(name);
    this.faults.set(site, (this.faults.get(site) ?? 0) + 1);
    const event = this.timeline.record(this.time, undefined, 'fault', { name });
    this.rolls.onFacts = (facts) => void (event.told = facts);
  }
}
