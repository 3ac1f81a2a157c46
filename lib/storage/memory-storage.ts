import type { CommitOutcome, StateCommit } from './state-commit';
import type { StateStorage } from './state-storage';
import { STATE_TEXTS } from './storable-texts';
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
    STATE_TEXTS.claim(actor);
    return this.model.claim(actor);
  }

  async commit(commit: StateCommit): Promise<CommitOutcome> {
    STATE_TEXTS.commit(commit);
    return this.model.commit(commit);
  }

  async read(actor: string): Promise<StoredState | undefined> {
    STATE_TEXTS.read(actor);
    return this.model.read(actor);
  }

  async list(query: ActorQuery): Promise<ActorPage> {
    STATE_TEXTS.list(query);
    return this.model.list(query);
  }

  async count(prefix: string): Promise<number> {
    STATE_TEXTS.count(prefix);
    return this.model.count(prefix);
  }

  async history(actor: string, from: number, limit: number): Promise<readonly StoredEvent[]> {
    STATE_TEXTS.history(actor);
    return this.model.history(actor, from, limit);
  }

  async answer(actor: string, key: string): Promise<Uint8Array | undefined> {
    STATE_TEXTS.answer(actor, key);
    return this.model.answer(actor, key);
  }

  async deliver(deliveries: readonly NewDelivery[]): Promise<void> {
    STATE_TEXTS.deliver(deliveries);
    this.model.deliver(deliveries);
  }

  async due(range: DeliveryRange, limit: number): Promise<DeliveriesDue> {
    return this.model.due(range, limit);
  }

  async settle(settlement: Settlement): Promise<boolean> {
    STATE_TEXTS.settle(settlement);
    return this.model.settle(settlement);
  }

  async deliveries(query: DeliveryQuery): Promise<DeliveryPage> {
    STATE_TEXTS.deliveries(query);
    return this.model.deliveries(query);
  }

  async forget(forgetting: Forgetting): Promise<number> {
    return this.model.forget(forgetting);
  }
}
