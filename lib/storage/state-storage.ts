import { token } from '../injection/token';
import { IN_CONTRACTS, whole } from '../injection/whole-contract';
import type { OperationTable } from '../providers/store-operations';
import type {
  DeliveriesDue,
  DeliveryPage,
  DeliveryQuery,
  DeliveryRange,
  NewDelivery,
  Settlement,
} from './stored-delivery';
import type { CommitOutcome, StateCommit } from './state-commit';
import type { ActorPage, ActorQuery, Forgetting, StoredEvent, StoredState } from './stored-state';

/**
 * Where what is durable of actors is kept. The store is the fence: it alone decides which activation may write, and it writes
 * all of a commit or nothing of it. Epochs and versions are its own: callers compare them and give them back.
 *
 * Every method throws MoonpoolError STORAGE_UNAVAILABLE when the store did not answer; the operation then may have been applied.
 */
export interface StateStorage {
  /** Adds 1 to the epoch of the actor's state, made when it does not exist, and returns it. Older epochs are refused from now on. */
  claim(actor: string): Promise<StoredState>;
  /** Writes all of it when the epoch is the latest claimed and the version is the present one, and nothing otherwise; resolves when that is durable. */
  commit(commit: StateCommit): Promise<CommitOutcome>;
  /** The present state; undefined when the actor never claimed any. */
  read(actor: string): Promise<StoredState | undefined>;
  /** The actors that something is stored of, a page at a time, by the bytes of their paths. */
  list(query: ActorQuery): Promise<ActorPage>;
  /** How many actors of this prefix of their paths something is stored of. */
  count(prefix: string): Promise<number>;
  /** The events of the actor's journals from this number on, in their order: so many at most. */
  history(actor: string, from: number, limit: number): Promise<readonly StoredEvent[]>;
  /** The answer that was remembered under this key; undefined when there is none, or none any more. */
  answer(actor: string, key: string): Promise<Uint8Array | undefined>;
  /** Keeps messages of whoever is no actor; one whose id is there already stays as it is. Resolves when they are durable. */
  deliver(deliveries: readonly NewDelivery[]): Promise<void>;
  /** What is due by the store's clock, the longest due first: so many at most. */
  due(range: DeliveryRange, limit: number): Promise<DeliveriesDue>;
  /** A delivery was made, or is to be made again. False when it has changed or is gone since it was read; nothing is written then. */
  settle(settlement: Settlement): Promise<boolean>;
  /** What is to be delivered, a page at a time, by the bytes of the ids. */
  deliveries(query: DeliveryQuery): Promise<DeliveryPage>;
  /** Forgets what is past its window, a bounded number at a time. Returns how many records that were. */
  forget(forgetting: Forgetting): Promise<number>;
}
export const StateStorage = token<StateStorage>(
  'StateStorage',
  whole('StateStorage', () => STATE_OPERATIONS, IN_CONTRACTS),
);

/** The operations of {@link StateStorage}. */
export const STATE_OPERATIONS = {
  claim: { name: 'claim', does: 'claim a state' },
  commit: { name: 'commit', does: 'write a state' },
  read: { name: 'read', does: 'read a state', reads: true },
  list: { name: 'list', does: 'list actors', reads: true },
  count: { name: 'count', does: 'count actors', reads: true },
  history: { name: 'history', does: 'read the events of an actor', reads: true },
  answer: { name: 'answer', does: 'read a remembered answer', reads: true },
  deliver: { name: 'deliver', does: 'keep a delivery' },
  due: { name: 'due', does: 'read what is due', reads: true },
  settle: { name: 'settle', does: 'settle a delivery' },
  deliveries: { name: 'deliveries', does: 'list deliveries', reads: true },
  forget: { name: 'forget', does: 'forget what is past its window' },
} as const satisfies OperationTable<StateStorage>;
