import { Deferred } from '../concurrency/deferred';
import type { NewAnswer, StateCommit } from '../storage/state-commit';
import type { NewDelivery } from '../storage/stored-delivery';
import type { StoredSnapshot } from '../storage/stored-state';

/** What one turn, or one call of `persist`, wants written. */
export interface Change {
  /** The names of the states that are other than they were. */
  readonly states?: readonly string[] | undefined;
  readonly events?: readonly Uint8Array[] | undefined;
  readonly snapshot?: StoredSnapshot | undefined;
  readonly answer?: NewAnswer | undefined;
  readonly deliveries?: readonly NewDelivery[] | undefined;
  readonly cancels?: readonly string[] | undefined;
  /** The actor is deleted; the rest of the change comes after that. */
  readonly destroys?: boolean | undefined;
}

/** The change, with the answer of its call, and with these messages cancelled. Written out, for one is made in each turn: a copy with more in it would have a shape of its own each time. */
export function withAnswer(change: Change, answer: NewAnswer, cancels = change.cancels): Change {
  const { states, events, snapshot, deliveries, destroys } = change;
  return { states, events, snapshot, answer, deliveries, cancels, destroys };
}

/** Beside the states. */
type Content = Pick<StateCommit, 'events' | 'snapshot' | 'answers' | 'deliveries' | 'cancels' | 'destroys'>;

/** The changes that are written together: those of the turns that ended while an earlier commit was under way. */
export class GatheredCommit {
  /** Resolves when it is durable. */
  readonly done = new Deferred<void>();
  /** How many changes it has. */
  size = 0;
  readonly states = new Set<string>();
  /** Made when there are any, for most commits have few kinds of content. */
  private events: Uint8Array[] | undefined;
  private snapshot: StoredSnapshot | undefined;
  private answers: Map<string, NewAnswer> | undefined;
  private deliveries: Map<string, NewDelivery> | undefined;
  private cancels: Set<string> | undefined;
  private destroys: true | undefined;

  constructor() {
    // Each turn that waits for it has a promise of its own.
    this.done.promise.catch(() => undefined);
  }

  /** Later changes stand over earlier ones, as they would if each were written alone. */
  add(change: Change): void {
    const { states, events, snapshot, answer, deliveries, cancels } = change;
    this.size++;
    if (change.destroys === true) this.destroy();
    if (states !== undefined) for (const state of states) this.states.add(state);
    if (events !== undefined) (this.events ??= []).push(...events);
    if (snapshot !== undefined) this.snapshot = snapshot;
    if (answer !== undefined) (this.answers ??= new Map()).set(answer.key, answer);
    if (cancels !== undefined) this.cancel(cancels);
    if (deliveries !== undefined)
      for (const delivery of deliveries) (this.deliveries ??= new Map()).set(delivery.id, delivery);
  }

  /** What a store is asked to write beside the states. Most commits have nothing else, and what is not there need not cross to the store. */
  get content(): Content {
    const { events, snapshot, answers, deliveries, cancels, destroys } = this;
    const content: { -readonly [Part in keyof Content]: Content[Part] } = {};
    if (events !== undefined) content.events = events;
    if (snapshot !== undefined) content.snapshot = snapshot;
    if (answers !== undefined) content.answers = [...answers.values()];
    if (deliveries !== undefined) content.deliveries = [...deliveries.values()];
    if (cancels !== undefined) content.cancels = [...cancels];
    if (destroys !== undefined) content.destroys = destroys;
    return content;
  }

  /** Whether the states are to be written, for one of them is other than it was. */
  get writesStates(): boolean {
    return this.destroys === true || this.states.size > 0;
  }

  private cancel(ids: readonly string[]): void {
    for (const id of ids) {
      this.deliveries?.delete(id);
      (this.cancels ??= new Set()).add(id);
    }
  }

  private destroy(): void {
    this.destroys = true;
    this.events = undefined;
    this.snapshot = undefined;
    this.answers = undefined;
  }
}
