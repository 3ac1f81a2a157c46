import type { StateStorage, StateWrite, StoredState, WriteOutcome } from './state-storage';

const NEVER_WRITTEN: StoredState = { epoch: 0, version: 0, writeId: '', data: undefined };

/** State kept in memory: for one process and its tests. Also the model of what every other storage does. */
export class MemoryStorage implements StateStorage {
  private readonly states = new Map<string, StoredState>();

  async claim(actor: string): Promise<StoredState> {
    const before = this.states.get(actor) ?? NEVER_WRITTEN;
    const claimed = { ...before, epoch: before.epoch + 1 };
    this.states.set(actor, claimed);
    return claimed;
  }

  async write(write: StateWrite): Promise<WriteOutcome> {
    const present = this.states.get(write.actor) ?? NEVER_WRITTEN;
    if (write.epoch !== present.epoch) return { kind: 'fenced', epoch: present.epoch };
    if (write.version !== present.version) {
      return { kind: 'conflict', version: present.version, writeId: present.writeId };
    }
    const { epoch, writeId } = write;
    const version = present.version + 1;
    this.states.set(write.actor, { epoch, version, writeId, data: Uint8Array.from(write.data) });
    return { kind: 'accepted', version };
  }

  async read(actor: string): Promise<StoredState | undefined> {
    return this.states.get(actor);
  }
}
