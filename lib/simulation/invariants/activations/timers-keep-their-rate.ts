import type { TimelineEvent } from '../../timeline/timeline';
import { numberField, textField, type HistoryInvariant } from '../history/history-invariant';

/** So many ticks of a timer must have been measured before its rate is judged; then most of them must have been in time. */
const ENOUGH_TICKS = 10;

/** A tick counts as late after this share of its period, and as early before this one: sleeps may take a little longer. */
const LATE = 0.6;
const EARLY = 0.3;

/** A timer whose activation had nothing else to do must have ticked by then, in milliseconds after it was due. */
const OVERDUE_MS = 10_000;

interface KnownTimer {
  readonly everyMs: number;
  dueAt: number;
  isTicking: boolean;
  isCancelled: boolean;
  measured: number;
  late: number;
  early: number;
}

interface Activation {
  readonly life: string;
  readonly timers: Map<string, KnownTimer>;
  /** How many turns are open. */
  turns: number;
  /** When something last kept a tick from its turn. */
  busyUntil: number;
}

/**
 * Timers tick at the multiples of their period: while their activation has nothing else to do, most ticks begin when they are due,
 * and none is missing. A timer that was cancelled is silent.
 */
export class TimersKeepTheirRate implements HistoryInvariant {
  readonly name = 'timers keep their rate';
  readonly after = [
    'timer-set',
    'timer-cancelled',
    'turn-start',
    'turn-end',
    'deactivate',
    'death',
    'pause',
    'resume',
    'clock-rate',
  ] as const;
  private readonly activations = new Map<string, Activation>();
  private areClocksOff = false;

  observe(event: TimelineEvent): string | undefined {
    switch (event.name) {
      case 'timer-set':
        this.onSet(event);
        return undefined;
      case 'timer-cancelled':
        this.onCancelled(event);
        return undefined;
      case 'turn-start':
        return this.onStart(event);
      case 'turn-end':
        this.onEnd(event);
        return undefined;
      case 'deactivate':
        return this.onDeactivated(event);
      case 'clock-rate':
        this.areClocksOff = true;
        return undefined;
      default:
        this.onDisturbed(event);
        return undefined;
    }
  }

  private onSet(event: TimelineEvent): void {
    const id = textField(event, 'activation');
    const activation = this.activations.get(id) ?? {
      life: `${event.node}.${event.generation}`,
      timers: new Map<string, KnownTimer>(),
      turns: 0,
      busyUntil: event.at,
    };
    this.activations.set(id, activation);
    const dueAt = event.at + numberField(event, 'afterMs');
    activation.timers.set(textField(event, 'timer'), {
      everyMs: numberField(event, 'everyMs'),
      dueAt,
      isTicking: false,
      isCancelled: false,
      measured: 0,
      late: 0,
      early: 0,
    });
  }

  private onCancelled(event: TimelineEvent): void {
    const timer = this.timerOf(event);
    if (timer !== undefined) timer.isCancelled = true;
  }

  private onStart(event: TimelineEvent): string | undefined {
    const activation = this.activations.get(textField(event, 'activation'));
    if (activation === undefined) return undefined;
    const timer = this.timerOf(event);
    const wrong = timer === undefined ? undefined : this.onTick(event, activation, timer);
    activation.turns++;
    activation.busyUntil = event.at;
    return wrong;
  }

  private onTick(event: TimelineEvent, activation: Activation, timer: KnownTimer): string | undefined {
    const what = `the ${textField(event, 'timer')} of ${textField(event, 'actor')}`;
    if (timer.isCancelled) return `${what} ticked after it was cancelled`;
    timer.isTicking = true;
    const wasBusy = activation.turns > 0 || activation.busyUntil >= timer.dueAt;
    const lateMs = event.at - timer.dueAt;
    if (wasBusy || this.areClocksOff) return undefined;
    // Clocks drift, so what is due next is reckoned from the last tick that nothing kept waiting.
    timer.dueAt = event.at;
    timer.measured++;
    if (lateMs > Math.max(1, timer.everyMs * LATE)) timer.late++;
    if (lateMs < -Math.max(1, timer.everyMs * EARLY)) timer.early++;
    if (timer.measured < ENOUGH_TICKS || Math.max(timer.late, timer.early) * 2 <= timer.measured) return undefined;
    return `of ${timer.measured} ticks of ${what}, which has a period of ${timer.everyMs} ms, ${timer.late} were late and ${timer.early} early though nothing else was to be done`;
  }

  private onEnd(event: TimelineEvent): void {
    const activation = this.activations.get(textField(event, 'activation'));
    if (activation === undefined) return;
    activation.turns--;
    activation.busyUntil = event.at;
    const timer = this.timerOf(event);
    if (timer === undefined) return;
    timer.isTicking = false;
    timer.dueAt += timer.everyMs * Math.max(1, Math.ceil((event.at - timer.dueAt) / timer.everyMs));
  }

  private onDeactivated(event: TimelineEvent): string | undefined {
    const id = textField(event, 'activation');
    const activation = this.activations.get(id);
    this.activations.delete(id);
    if (activation === undefined || this.areClocksOff) return undefined;
    for (const [name, { isCancelled, isTicking, dueAt, everyMs }] of activation.timers) {
      const overdueMs = event.at - Math.max(dueAt, activation.busyUntil);
      if (!isCancelled && !isTicking && activation.turns === 0 && overdueMs > OVERDUE_MS + everyMs)
        return `the ${name} of ${textField(event, 'actor')} has not ticked for ${overdueMs} ms after it was due`;
    }
    return undefined;
  }

  private onDisturbed(event: TimelineEvent): void {
    const node = event.node === '' ? textField(event, 'node') : event.node;
    for (const [id, activation] of this.activations) {
      if (!activation.life.startsWith(`${node}.`)) continue;
      if (event.name === 'death') this.activations.delete(id);
      else activation.busyUntil = event.at;
    }
  }

  private timerOf(event: TimelineEvent): KnownTimer | undefined {
    return this.activations.get(textField(event, 'activation'))?.timers.get(textField(event, 'timer'));
  }
}
