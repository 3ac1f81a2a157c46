import type { TimelineEvent } from '../../timeline/timeline';
import { textField, type HistoryInvariant } from '../history/history-invariant';

/** Timers tick only while their activation is active, and no tick begins while another of the same timer is not over. */
export class TimersKeepToTheirActivation implements HistoryInvariant {
  readonly name = 'timers keep to their activation';
  readonly after = ['activate', 'deactivate', 'turn-start', 'turn-end', 'death'] as const;
  /** The timers that are ticking, by activation; an activation is here while it is active. */
  private readonly ticking = new Map<string, Set<string>>();
  /** The activations of each life of a node, so that they are let go of when it ends. */
  private readonly lives = new Map<string, Set<string>>();

  observe(event: TimelineEvent): string | undefined {
    const activation = textField(event, 'activation');
    const life = `${event.node}.${event.generation}`;
    switch (event.name) {
      case 'activate':
        this.ticking.set(activation, new Set());
        this.activationsOf(life).add(activation);
        return undefined;
      case 'deactivate':
        this.ticking.delete(activation);
        this.lives.get(life)?.delete(activation);
        return undefined;
      case 'death':
        for (const dead of this.lives.get(life) ?? []) this.ticking.delete(dead);
        this.lives.delete(life);
        return undefined;
      default:
        return event.fields['timer'] === undefined ? undefined : this.onTick(event, activation);
    }
  }

  private onTick(event: TimelineEvent, activation: string): string | undefined {
    const timer = textField(event, 'timer');
    const ticking = this.ticking.get(activation);
    if (event.name === 'turn-end') {
      ticking?.delete(timer);
      return undefined;
    }
    const what = `the ${timer} of ${textField(event, 'actor')}`;
    if (ticking === undefined) return `${what} ticked while its activation ${activation} was not active`;
    if (ticking.has(timer)) return `${what} ticked while a tick of it was not over`;
    ticking.add(timer);
    return undefined;
  }

  private activationsOf(life: string): Set<string> {
    const known = this.lives.get(life) ?? new Set();
    this.lives.set(life, known);
    return known;
  }
}
