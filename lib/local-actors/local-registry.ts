import { MoonpoolError } from '../errors/moonpool-error';
import type { SupervisedChild } from './supervised-child';

/** The local actors and supervisors of a system, by name, until they end for good. */
export class LocalRegistry {
  private readonly entries = new Map<string, SupervisedChild>();
  private made = 0;

  /** @param capacity how many there may be at once. */
  constructor(private readonly capacity: number) {}

  get names(): readonly string[] {
    return [...this.entries.keys()];
  }

  /** All of them, in the order of their start. */
  get all(): Iterable<SupervisedChild> {
    return this.entries.values();
  }

  /**
   * A full name that is free: that of the supervisor, if there is one, a slash, and the wanted name; or else the name of what is
   * started, and a number. @throws MoonpoolError LOCAL_NAME_IN_USE, TOO_MANY_LOCAL_ACTORS
   */
  freeName(wanted: string | undefined, kind: string, parent?: string): string {
    if (this.entries.size >= this.capacity) {
      throw new MoonpoolError('TOO_MANY_LOCAL_ACTORS', {
        message: `${this.capacity} local actors are alive, as many as may be`,
      });
    }
    const path = parent === undefined ? '' : `${parent}/`;
    const name = `${path}${wanted ?? `${kind === '' ? 'local-actor' : kind}-${++this.made}`}`;
    if (this.entries.has(name))
      throw new MoonpoolError('LOCAL_NAME_IN_USE', { message: `A local actor with the name ${name} is alive` });
    return name;
  }

  add(entry: SupervisedChild): void {
    this.entries.set(entry.name, entry);
  }

  remove(entry: SupervisedChild): void {
    if (this.entries.get(entry.name) === entry) this.entries.delete(entry.name);
  }

  find(name: string): SupervisedChild | undefined {
    return this.entries.get(name);
  }
}
