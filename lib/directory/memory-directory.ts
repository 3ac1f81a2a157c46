import type { ActorDirectory, Registration } from './actor-directory';

/**
 * A directory kept in memory: for one process and its tests. Also the model of what every other directory does. Its methods are no async
 * functions, for each first call of an actor asks two of them.
 */
export class MemoryDirectory implements ActorDirectory {
  private readonly registrations = new Map<string, Registration>();

  lookup(actor: string): Promise<Registration | undefined> {
    return Promise.resolve(this.registrations.get(actor));
  }

  register(candidate: Registration, replaces?: string): Promise<Registration> {
    const present = this.registrations.get(candidate.actor);
    if (present !== undefined && present.activation !== replaces) return Promise.resolve(present);
    this.registrations.set(candidate.actor, candidate);
    return Promise.resolve(candidate);
  }

  async unregister(actor: string, activation: string): Promise<void> {
    if (this.registrations.get(actor)?.activation === activation) this.registrations.delete(actor);
  }
}
