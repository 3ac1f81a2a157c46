import type { ActorDirectory, Registration } from './actor-directory';
import { Registrations } from './registrations';

/**
 * A directory kept in memory: for one process and its tests. Also the model of what every other directory does. Its methods are no async
 * functions, for each first call of an actor asks two of them.
 */
export class MemoryDirectory implements ActorDirectory {
  private readonly registrations = new Registrations();

  lookup(actor: string): Promise<Registration | undefined> {
    return Promise.resolve(this.registrations.lookup(actor));
  }

  register(candidate: Registration, replaces?: string): Promise<Registration> {
    return Promise.resolve(this.registrations.register(candidate, replaces));
  }

  async unregister(actor: string, activation: string): Promise<void> {
    this.registrations.unregister(actor, activation);
  }
}
