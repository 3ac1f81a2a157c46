import type { StateCommit } from '../../storage/state-commit';

/** What one storage of a simulated cluster has accepted, for whoever looks on. */
export class AcceptedWrites {
  /** The bytes of the last accepted write of each actor. */
  readonly data = new Map<string, Uint8Array>();
  /** The accepted events of each actor, in their order. */
  readonly events = new Map<string, Uint8Array[]>();

  accept({ actor, data, events = [], destroys }: StateCommit): void {
    if (destroys === true) {
      this.data.delete(actor);
      this.events.delete(actor);
    }
    if (data === null) this.data.delete(actor);
    else if (data !== undefined) this.data.set(actor, data);
    if (events.length === 0) return;
    const before = this.events.get(actor);
    if (before === undefined) this.events.set(actor, [...events]);
    else before.push(...events);
  }
}
