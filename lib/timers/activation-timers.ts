import { ACTOR_TIMER_OPTIONS, type ActorTimer, type ActorTimerOptions } from '../actor/actor-timer';
import { MoonpoolError } from '../errors/moonpool-error';
import type { ActorId } from '../identity/actor-id';
import type { Request } from '../calls/request';
import type { TimerRecord } from '../metadata/actor-record';
import { callDeclared } from '../metadata/declared-method';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import { hasWholeTurns, refusedOverlap } from '../metadata/whole-turns';
import type { EventLog } from '../observability/event-log';
import type { RefusalLog } from '../observability/refusal-log';
import type { TimeProvider } from '../providers/time-provider';
import { callback as callbackKind, mandatory } from '../options/option-kind';
import { checkArguments } from '../options/option-table';
import { ActivationTimer } from './activation-timer';

/** What the timers of an activation need from their node. */
export interface ActivationTimersParts {
  readonly time: TimeProvider;
  readonly refusals: RefusalLog;
  readonly events: EventLog;
}

/** The activation that timers belong to. */
export interface TimersOwner {
  readonly target: ActorId;
  readonly id: string;
  readonly descriptor: Pick<ActorDescriptor, 'options'>;
}

const called = mandatory(callbackKind('a function () => ...'));

/** The timers of one activation. They end with it. */
export class ActivationTimers {
  private readonly timers = new Set<ActivationTimer>();
  private isOver = false;
  private started = 0;

  constructor(
    private readonly owner: TimersOwner,
    private readonly parts: ActivationTimersParts,
    private readonly tick: (tick: Request) => void,
  ) {}

  /** True while one of them counts as use, also between its ticks: otherwise a period longer than the idle time would never pass. */
  get keepAlive(): boolean {
    for (const { keepsAlive } of this.timers) if (keepsAlive) return true;
    return false;
  }

  get isEmpty(): boolean {
    return this.timers.size === 0;
  }

  /** Starts those that the class declares. */
  startDeclared(records: readonly TimerRecord[], instance: object): void {
    for (const { method, options } of records) {
      this.start(() => callDeclared(instance, method, []), { name: method, ...options });
    }
  }

  /** @throws MoonpoolError INVALID_OPTION */
  start(callback: () => unknown, options: ActorTimerOptions): ActorTimer {
    const { target, id, descriptor } = this.owner;
    checkArguments(`context.timer of ${target.path}`, { callback: [called, callback] });
    ACTOR_TIMER_OPTIONS.check(`context.timer of ${target.path}`, options);
    if (options.interleave === true && hasWholeTurns(descriptor.options)) throw mayNotInterleave(target, options);
    const { time, refusals, events } = this.parts;
    const timer = new ActivationTimer(callback, options, {
      target,
      number: ++this.started,
      time,
      refusals,
      events,
      activation: id,
      tick: this.tick,
      onCancelled: (cancelled) => this.timers.delete(cancelled),
    });
    if (this.isOver) timer.cancel();
    else this.timers.add(timer);
    return timer;
  }

  cancelAll(): void {
    this.isOver = true;
    for (const timer of [...this.timers]) timer.cancel();
  }
}

function mayNotInterleave({ path, type }: ActorId, { name = 'timer' }: ActorTimerOptions): MoonpoolError {
  const overlap = `starts the timer '${name}' with interleave`;
  return new MoonpoolError('INVALID_OPTION', {
    message: `context.timer of ${path} was refused: the class ${type} ${refusedOverlap(overlap)}`,
    remedy: "Leave out `interleave`, so that its ticks have their turns like calls, or use persist: 'explicit'.",
  });
}
