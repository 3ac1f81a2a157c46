import type { TimelineEvent } from '../../timeline/timeline';
import { isOneOfSeveral, textField, type HistoryInvariant } from '../history/history-invariant';

/** Says whether a life of a node runs and holds its lease at present. */
export type LeaseLook = (node: string, generation: number) => boolean;

/** An activation that takes turns as far as is known. */
interface Activation {
  readonly id: string;
  readonly node: string;
  readonly generation: number;
}

/**
 * At no time do two activations of one actor accept turns. It is broken when a turn begins while another activation is
 * active on a node that holds its lease; and when, after a newer activation has begun a turn, an older one begins another.
 * (A turn that an older one had begun may still end; the store refuses what it writes.)
 */
export class SingleActivation implements HistoryInvariant {
  readonly name = 'single activation';
  readonly after = ['activate', 'deactivate', 'turn-start', 'death'] as const;
  private readonly active = new Map<string, Activation[]>();
  private readonly latest = new Map<string, Activation>();
  /** The activations whose place was taken, by the life that they live in: with it they are gone. */
  private readonly superseded = new Map<string, Set<string>>();

  /** @param holdsLease without it, only what the history alone can show is found. */
  constructor(private readonly holdsLease: LeaseLook = () => false) {}

  observe(event: TimelineEvent): string | undefined {
    if (event.name === 'death') this.forget(event);
    const actor = textField(event, 'actor');
    // A static actor has an activation on each node; an observer has none; of a worker there are several.
    if (actor.split('/').length < 3 || isOneOfSeveral(textField(event, 'activation'))) return undefined;
    if (event.name === 'activate') this.add(actor, event);
    else if (event.name === 'deactivate') this.remove(actor, textField(event, 'activation'));
    else if (event.name === 'turn-start') return this.onTurn(actor, textField(event, 'activation'), event);
    return undefined;
  }

  private onTurn(actor: string, id: string, event: TimelineEvent): string | undefined {
    const other = this.active
      .get(actor)
      ?.find((activation) => activation.id !== id && this.holdsLease(activation.node, activation.generation));
    if (other !== undefined)
      return `the activation ${id} of ${actor} began a turn while ${other.id} is active on ${other.node}, which holds its lease`;
    const before = this.latest.get(actor);
    if (this.superseded.get(lifeOf(event))?.has(id) === true)
      return `the activation ${id} of ${actor} began a turn after ${before?.id ?? '?'} had taken its place`;
    if (before !== undefined && before.id !== id) this.supersede(before);
    this.latest.set(actor, { id, node: event.node, generation: event.generation });
    return undefined;
  }

  private add(actor: string, event: TimelineEvent): void {
    const activations = this.active.get(actor) ?? [];
    this.active.set(actor, activations);
    activations.push({ id: textField(event, 'activation'), node: event.node, generation: event.generation });
  }

  private remove(actor: string, id: string): void {
    const others = this.active.get(actor)?.filter((activation) => activation.id !== id) ?? [];
    if (others.length === 0) this.active.delete(actor);
    else this.active.set(actor, others);
  }

  private supersede(activation: Activation): void {
    const life = lifeOf(activation);
    const others = this.superseded.get(life) ?? new Set();
    this.superseded.set(life, others.add(activation.id));
  }

  /** What was active in a life that has ended is not active any more. */
  private forget(event: TimelineEvent): void {
    const { node, generation } = event;
    this.superseded.delete(lifeOf(event));
    for (const [actor, activation] of this.latest) if (lifeOf(activation) === lifeOf(event)) this.latest.delete(actor);
    for (const [actor, activations] of this.active) {
      for (const activation of activations) {
        if (activation.node === node && activation.generation === generation) this.remove(actor, activation.id);
      }
    }
  }
}

function lifeOf({ node, generation }: { readonly node: string; readonly generation: number }): string {
  return `${node}.${generation}`;
}
