import { Deferred } from '../concurrency/deferred';
import type { NewAnswer, StateCommit } from '../storage/state-commit';
import type { NewDelivery } from '../storage/stored-delivery';
import type { StoredSnapshot } from '../storage/stored-state';

/** What one turn, or one call of `persist`, wants written. */
export interface Change {
  /** The names of the states that are other than they were. */
  readonly states?: readonly string[];
  readonly events?: readonly Uint8Array[];
  readonly snapshot?: StoredSnapshot | undefined;
  readonly answer?: NewAnswer | undefined;
  readonly deliveries?: readonly NewDelivery[];
  readonly cancels?: readonly string[];
  /** The actor is deleted; the rest of the change comes after that. */
  readonly destroys?: boolean;
}

/** The changes that are written together: those of the turns that ended while an earlier commit was under way. */
export class GatheredCommit {
  /** Resolves when it is durable. */
  readonly done = new Deferred<void>();
  /** How many changes it has. */
  size = 0;
  readonly states = new Set<string>();
  private destroys = false;
  private events: Uint8Array[] = [];
  private snapshot: StoredSnapshot | undefined;
  private answers = new Map<string, NewAnswer>();
  private deliveries = new Map<string, NewDelivery>();
  private cancels = new Set<string>();

  constructor() {
    // Each turn that waits for it has a promise of its own.
    this.done.promise.catch(() => undefined);
  }

  /** Later changes stand over earlier ones, as they would if each were written alone. */
  add({ states = [], events = [], snapshot, answer, deliveries = [], cancels = [], destroys = false }: Change): void {
    this.size++;
    if (destroys) this.destroy();
    for (const state of states) this.states.add(state);
    this.events.push(...events);
    this.snapshot = snapshot ?? this.snapshot;
    if (answer !== undefined) this.answers.set(answer.key, answer);
    for (const id of cancels) {
      this.deliveries.delete(id);
      this.cancels.add(id);
    }
    for (const delivery of deliveries) this.deliveries.set(delivery.id, delivery);
  }

  /** What a store is asked to write beside the states. */
  get content(): Pick<StateCommit, 'events' | 'snapshot' | 'answers' | 'deliveries' | 'cancels' | 'destroys'> {
    return {
      ...(this.destroys ? { destroys: true } : {}),
      ...(this.events.length > 0 ? { events: this.events } : {}),
      ...(this.snapshot === undefined ? {} : { snapshot: this.snapshot }),
      ...(this.answers.size > 0 ? { answers: [...this.answers.values()] } : {}),
      ...(this.deliveries.size > 0 ? { deliveries: [...this.deliveries.values()] } : {}),
      ...(this.cancels.size > 0 ? { cancels: [...this.cancels] } : {}),
    };
  }

  /** Whether the states are to be written, for one of them is other than it was. */
  get writesStates(): boolean {
    return this.destroys || this.states.size > 0;
  }

  private destroy(): void {
    this.destroys = true;
    this.events = [];
    this.snapshot = undefined;
    this.answers.clear();
  }
}
