import type { CommitOutcome, StateCommit } from './state-commit';
import type { StateStorage } from './state-storage';
import { StorageModel } from './storage-model';
import type {
  DeliveriesDue,
  DeliveryPage,
  DeliveryQuery,
  DeliveryRange,
  NewDelivery,
  Settlement,
} from './stored-delivery';
import type { ActorPage, ActorQuery, Forgetting, StoredEvent, StoredState } from './stored-state';

/** What is durable of actors, kept in memory: for one process and its tests. */
export class MemoryStorage implements StateStorage {
  private readonly model: StorageModel;

  /** @param now the clock of the store, in milliseconds since 1970. */
  constructor(now: () => number) {
    this.model = new StorageModel(now);
  }

  async claim(actor: string): Promise<StoredState> {
    return this.model.claim(actor);
  }

  async commit(commit: StateCommit): Promise<CommitOutcome> {
    return this.model.commit(commit);
  }

  async read(actor: string): Promise<StoredState | undefined> {
    return this.model.read(actor);
  }

  async list(query: ActorQuery): Promise<ActorPage> {
    return this.model.list(query);
  }

  async count(prefix: string): Promise<number> {
    return this.model.count(prefix);
  }

  async history(actor: string, from: number, limit: number): Promise<readonly StoredEvent[]> {
    return this.model.history(actor, from, limit);
  }

  async answer(actor: string, key: string): Promise<Uint8Array | undefined> {
    return this.model.answer(actor, key);
  }

  async deliver(deliveries: readonly NewDelivery[]): Promise<void> {
    this.model.deliver(deliveries);
  }

  async due(range: DeliveryRange, limit: number): Promise<DeliveriesDue> {
    return this.model.due(range, limit);
  }

  async settle(settlement: Settlement): Promise<boolean> {
    return this.model.settle(settlement);
  }

  async deliveries(query: DeliveryQuery): Promise<DeliveryPage> {
    return this.model.deliveries(query);
  }

  async forget(forgetting: Forgetting): Promise<number> {
    return this.model.forget(forgetting);
  }
}
