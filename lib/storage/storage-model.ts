import type { SynchronousOperations } from '../providers/store-operations';
import { byBytes } from './byte-order';
import { DeliveriesModel } from './deliveries-model';
import type { CommitOutcome, StateCommit } from './state-commit';
import type { STATE_OPERATIONS, StateStorage } from './state-storage';
import type {
  DeliveriesDue,
  DeliveryPage,
  DeliveryQuery,
  DeliveryRange,
  NewDelivery,
  Settlement,
} from './stored-delivery';
import type { ActorPage, ActorQuery, Forgetting, StoredEvent, StoredState } from './stored-state';

interface RememberedAnswer {
  readonly at: number;
  readonly data: Uint8Array;
}

/** All that is stored of one actor. */
interface ActorRecord {
  state: StoredState;
  events: StoredEvent[];
  /** By their keys, the oldest first. */
  answers: Map<string, RememberedAnswer>;
}

const NEVER_CLAIMED: StoredState = {
  epoch: 0,
  version: 0,
  writeId: '',
  data: undefined,
  snapshot: undefined,
  lastEvent: 0,
  answers: 0,
};

/**
 * What every {@link StateStorage} does, as plain data in memory: the model that engines are compared with. An engine that keeps a log of
 * its operations may be made of it: the same operations at the same times bring it to the same content.
 */
export class StorageModel implements SynchronousOperations<StateStorage, typeof STATE_OPERATIONS> {
  private readonly actors = new Map<string, ActorRecord>();
  private readonly kept: DeliveriesModel;

  /** @param now the store's clock, in milliseconds since 1970. */
  constructor(private readonly now: () => number) {
    this.kept = new DeliveriesModel(now);
  }

  claim(actor: string): StoredState {
    let record = this.actors.get(actor);
    if (record === undefined) {
      record = { state: NEVER_CLAIMED, events: [], answers: new Map() };
      this.actors.set(actor, record);
    }
    record.state = { ...record.state, epoch: record.state.epoch + 1 };
    return record.state;
  }

  commit(commit: StateCommit): CommitOutcome {
    const record = this.actors.get(commit.actor);
    const present = record?.state ?? NEVER_CLAIMED;
    if (record === undefined || commit.epoch !== present.epoch) return { kind: 'fenced', epoch: present.epoch };
    if (commit.version !== present.version)
      return { kind: 'conflict', version: present.version, writeId: present.writeId };
    if (commit.destroys === true) {
      record.state = { ...NEVER_CLAIMED, epoch: present.epoch };
      record.events = [];
      record.answers.clear();
    }
    this.apply(commit, record, present.version + 1);
    return { kind: 'accepted', version: record.state.version };
  }

  read(actor: string): StoredState | undefined {
    return this.actors.get(actor)?.state;
  }

  list({ prefix, after, limit }: ActorQuery): ActorPage {
    const found = this.existing(prefix)
      .filter(({ actor }) => after === undefined || byBytes(actor, after) > 0)
      .sort((a, b) => byBytes(a.actor, b.actor));
    return { actors: found.slice(0, limit), isLast: found.length <= limit };
  }

  count(prefix: string): number {
    return this.existing(prefix).length;
  }

  history(actor: string, from: number, limit: number): readonly StoredEvent[] {
    const events = this.actors.get(actor)?.events ?? [];
    return events.slice(Math.max(0, from - 1), Math.max(0, from - 1) + limit);
  }

  answer(actor: string, key: string): Uint8Array | undefined {
    return this.actors.get(actor)?.answers.get(key)?.data;
  }

  deliver(deliveries: readonly NewDelivery[]): void {
    for (const delivery of deliveries) if (!this.kept.has(delivery.id)) this.kept.put(delivery);
  }

  due(range: DeliveryRange, limit: number): DeliveriesDue {
    return this.kept.due(range, limit);
  }

  settle(settlement: Settlement): boolean {
    return this.kept.settle(settlement);
  }

  deliveries(query: DeliveryQuery): DeliveryPage {
    return this.kept.page(query);
  }

  forget({ answersOlderThanMs, limit }: Forgetting): number {
    const before = this.now() - answersOlderThanMs;
    let forgotten = 0;
    for (const { answers } of this.actors.values())
      for (const [key, { at }] of answers) {
        if (at >= before) break;
        if (forgotten === limit) return forgotten;
        answers.delete(key);
        forgotten++;
      }
    return forgotten;
  }

  private apply(commit: StateCommit, record: ActorRecord, version: number): void {
    const { data, events = [], snapshot, answers = [], keptAnswers, deliveries = [], cancels = [], writeId } = commit;
    const { state } = record;
    const at = this.now();
    events.forEach((event, index) => {
      record.events.push({ number: state.lastEvent + index + 1, at, data: Uint8Array.from(event) });
    });
    for (const { key, data: answer } of answers) {
      // What is remembered once more is the youngest.
      record.answers.delete(key);
      record.answers.set(key, { at, data: Uint8Array.from(answer) });
    }
    if (keptAnswers !== undefined) forgetOldest(record.answers, keptAnswers);
    for (const id of cancels) this.kept.remove(id);
    for (const delivery of deliveries) this.kept.put(delivery);
    record.state = {
      epoch: state.epoch,
      version,
      writeId,
      data: data === undefined ? state.data : data === null ? undefined : Uint8Array.from(data),
      snapshot: snapshot === undefined ? state.snapshot : { ...snapshot, data: Uint8Array.from(snapshot.data) },
      lastEvent: state.lastEvent + events.length,
      answers: state.answers + answers.length,
    };
  }

  private existing(prefix: string): { readonly actor: string; readonly version: number }[] {
    return [...this.actors]
      .filter(([actor, { state }]) => actor.startsWith(prefix) && (state.data !== undefined || state.lastEvent > 0))
      .map(([actor, { state }]) => ({ actor, version: state.version }));
  }
}

function forgetOldest(answers: Map<string, RememberedAnswer>, kept: number): void {
  for (const key of answers.keys()) {
    if (answers.size <= kept) return;
    answers.delete(key);
  }
}
