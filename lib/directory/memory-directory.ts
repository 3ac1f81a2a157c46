import type { ActorDirectory, Registration } from './actor-directory';

/** A directory kept in memory: for one process and its tests. Also the model of what every other directory does. */
export class MemoryDirectory implements ActorDirectory {
  private readonly registrations = new Map<string, Registration>();

  async lookup(actor: string): Promise<Registration | undefined> {
    return this.registrations.get(actor);
  }

  async register(candidate: Registration, replaces?: string): Promise<Registration> {
    const present = this.registrations.get(candidate.actor);
    if (present !== undefined && present.activation !== replaces) return present;
    this.registrations.set(candidate.actor, candidate);
    return candidate;
  }

  async unregister(actor: string, activation: string): Promise<void> {
    if (this.registrations.get(actor)?.activation === activation) this.registrations.delete(actor);
  }
}
