import type { Registration } from './actor-directory';

/** Registrations in memory: of an actor there is one at a time. */
export class Registrations {
  private readonly byActor = new Map<string, Registration>();

  get size(): number {
    return this.byActor.size;
  }

  get all(): Iterable<Registration> {
    return this.byActor.values();
  }

  lookup(actor: string): Registration | undefined {
    return this.byActor.get(actor);
  }

  /** The registration that holds afterwards: the candidate, unless there is one of another activation than `replaces`. */
  register(candidate: Registration, replaces?: string): Registration {
    const present = this.byActor.get(candidate.actor);
    if (present !== undefined && present.activation !== replaces) return present;
    this.byActor.set(candidate.actor, candidate);
    return candidate;
  }

  /** Removes the registration if it is still of this activation. */
  unregister(actor: string, activation: string): void {
    if (this.byActor.get(actor)?.activation === activation) this.byActor.delete(actor);
  }
}
