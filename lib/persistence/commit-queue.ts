import type { Buggify } from '../chaos/buggify';
import { rejected } from '../concurrency/rejected-promise';
import { isMoonpoolError, type MoonpoolError } from '../errors/moonpool-error';
import type { EventLog } from '../observability/event-log';
import type { STATE_METRICS } from '../observability/metric-catalogue';
import type { Bound } from '../observability/metrics';
import type { TimeProvider } from '../providers/time-provider';
import type { CommitOutcome, StateCommit } from '../storage/state-commit';
import type { StateStorage } from '../storage/state-storage';
import type { StoredState } from '../storage/stored-state';
import type { NewDelivery } from '../storage/stored-delivery';
import { noAnswer } from '../concurrency/promised';
import { partOf } from '../errors/thrown-value';
import { claimedAgain, fenced, notWritten, stateOf, type WrittenState } from './commit-failures';
import { GatheredCommit, type Change } from './gathered-commit';
import type { PersistenceOptions } from './persistence-options';

/** How often a commit whose answer was lost is repeated before the activation gives up. */
const MAX_ATTEMPTS = 5;
const FIRST_WAIT_MS = 20;

/** How often buggify repeats a commit that was answered. */
const RARELY = { strikes: 0.1 };

/** The end of the write id of a commit after which nothing of the actor is there: whoever finds nothing knows that it is so. */
const DESTROYED = ':destroyed';

/** True when the commit of this id has deleted its actor. */
export function isDestroyed(writeId: string): boolean {
  return writeId.endsWith(DESTROYED);
}

/** How many changes wait together at most; turns that follow wait until they are written. */
const MAX_GATHERED = 1_024;

/** What commits need from their node. */
export interface CommitParts {
  readonly storage: StateStorage;
  readonly time: TimeProvider;
  readonly buggify: Buggify;
  readonly events: EventLog;
  readonly counters: Bound<typeof STATE_METRICS>;
  /** True while this node may write. */
  readonly mayWrite: () => boolean;
  /** How many answers of one actor are remembered at most. */
  readonly options: Pick<PersistenceOptions, 'keptAnswers'>;
  /** Is told of deliveries that are durable. */
  readonly onDelivered: (deliveries: readonly NewDelivery[]) => void;
}

/** Whose commits they are. */
export interface CommitOwner extends WrittenState {
  /** The id of the activation. */
  readonly activation: string;
  /** It has no state. */
  readonly isEmpty: boolean;
  /** The record of the states as they are to be written. */
  record(): Uint8Array;
  /** These states are on their way to the store. */
  onWritten(states: ReadonlySet<string>): void;
  /** The activation must end. */
  onFailed(): void;
}

/** A commit that is under way. */
interface SentCommit {
  readonly gathered: GatheredCommit;
  readonly commit: StateCommit;
  readonly askedAt: number;
  readonly attempt: number;
}

/**
 * The commits of one activation, one after another, under one claim. What is decided while one is under way goes together with the
 * next. A commit whose answer was lost is repeated under its write id until its fate is known. When the store refuses one, or its
 * fate cannot be learnt, whatever waits fails and the activation must end, for what it holds in memory may not be what is stored.
 */
export class CommitQueue {
  private currentEpoch = 0;
  private currentVersion = 0;
  private writes = 0;
  private underWay: GatheredCommit | undefined;
  private gathering: GatheredCommit | undefined;
  private currentFailure: MoonpoolError | undefined;
  /** The store has a record of the states, if only an empty one. */
  private hasRecord = false;

  constructor(
    private readonly owner: CommitOwner,
    private readonly parts: CommitParts,
  ) {}

  get epoch(): number {
    return this.currentEpoch;
  }

  get version(): number {
    return this.currentVersion;
  }

  /** Why the activation must end; undefined while it is sound. */
  get failure(): MoonpoolError | undefined {
    return this.currentFailure;
  }

  /** Resolves when all that was added is durable; undefined when it is. */
  get pending(): Promise<void> | undefined {
    return (this.gathering ?? this.underWay)?.done.promise;
  }

  /** Too much waits for more to come. */
  get isFull(): boolean {
    return (this.gathering?.size ?? 0) >= MAX_GATHERED;
  }

  claimed({ epoch, version, data }: StoredState): void {
    this.currentEpoch = epoch;
    this.currentVersion = version;
    this.hasRecord = data !== undefined;
  }

  /** Resolves when the change is durable. Rejects with {@link failure}. */
  add(change: Change): Promise<void> {
    if (this.currentFailure !== undefined) return rejected(this.currentFailure);
    this.gathering ??= new GatheredCommit();
    this.gathering.add(change);
    const { promise } = this.gathering.done;
    this.writeNext();
    return promise;
  }

  /** What the activation holds in memory is not what is stored, and cannot be written. What was added before is written still. */
  fail(failure: MoonpoolError): MoonpoolError {
    if (this.currentFailure !== undefined) return failure;
    this.currentFailure = failure;
    this.owner.onFailed();
    return failure;
  }

  private writeNext(): void {
    if (this.underWay !== undefined || this.gathering === undefined) return;
    const gathered = this.gathering;
    this.gathering = undefined;
    this.underWay = gathered;
    const commit = this.commitOf(gathered);
    this.send({ gathered, commit, askedAt: this.parts.time.now(), attempt: 1 });
  }

  private commitOf(gathered: GatheredCommit): StateCommit {
    const { owner } = this;
    const { content } = gathered;
    const isDeletion = content.destroys === true && owner.isEmpty;
    const data = isDeletion ? null : gathered.writesStates || !this.hasRecord ? owner.record() : undefined;
    this.hasRecord = !isDeletion;
    const commit: { -readonly [Part in keyof StateCommit]: StateCommit[Part] } = {
      actor: owner.actor,
      epoch: this.currentEpoch,
      version: this.currentVersion,
      // The activation's id is unique in the cluster, so its write ids are too.
      writeId: `${owner.activation}:${++this.writes}${isDeletion ? DESTROYED : ''}`,
      ...content,
    };
    if (data !== undefined) commit.data = data;
    if (content.answers !== undefined) commit.keptAnswers = this.parts.options.keptAnswers;
    return commit;
  }

  /** No async function: each commit would cost two more promises. */
  private send(sent: SentCommit): void {
    const { storage, mayWrite } = this.parts;
    if (!mayWrite()) {
      this.end(sent, fenced(stateOf(this.owner)));
      return;
    }
    if (sent.attempt === 1) {
      this.note('persist', this.currentVersion);
      this.owner.onWritten(sent.gathered.states);
    }
    try {
      storage.commit(sent.commit).then(
        (outcome) => this.onOutcome(sent, outcome),
        (error: unknown) => this.onError(sent, error),
      );
    } catch (error) {
      // An engine may be anybody's, and need not be asynchronous where it fails.
      void Promise.resolve().then(() => this.onError(sent, error));
    }
  }

  private onOutcome(sent: SentCommit, outcome: CommitOutcome): void {
    const { commit, attempt, askedAt } = sent;
    const { buggify, time, counters, onDelivered } = this.parts;
    // As if the answer had been lost: the commit is made again, and must be known again.
    if (attempt === 1 && buggify.strikes('write-repeated', RARELY)) {
      this.send({ ...sent, attempt: 2 });
      return;
    }
    counters.writeTime.record((time.now() - askedAt) / 1_000);
    if (!isOutcome(outcome)) {
      this.end(sent, notWritten(stateOf(this.owner), noAnswer('outcome of a commit', outcome)));
      return;
    }
    // A conflict under our own write id is an earlier attempt of this very commit that was applied.
    if (outcome.kind !== 'accepted' && !(outcome.kind === 'conflict' && outcome.writeId === commit.writeId)) {
      this.end(sent, this.refused(commit, outcome));
      return;
    }
    this.currentVersion = outcome.version;
    counters.written.value++;
    counters.writtenBytes.value += commit.data?.length ?? 0;
    this.note('persist-ack', outcome.version);
    if (commit.deliveries !== undefined) onDelivered(commit.deliveries);
    this.underWay = undefined;
    sent.gathered.done.resolve();
    this.writeNext();
  }

  private onError(sent: SentCommit, error: unknown): void {
    const { attempt } = sent;
    if (!isMoonpoolError(error, 'STORAGE_UNAVAILABLE') || attempt >= MAX_ATTEMPTS) {
      this.end(sent, notWritten(stateOf(this.owner), error));
      return;
    }
    void this.parts.time.sleep(FIRST_WAIT_MS * 2 ** attempt).then(() => this.send({ ...sent, attempt: attempt + 1 }));
  }

  /** Whatever waits has failed with it. */
  private end({ gathered }: SentCommit, error: MoonpoolError): void {
    this.underWay = undefined;
    gathered.done.reject(error);
    this.gathering?.done.reject(error);
    this.gathering = undefined;
    this.fail(error);
  }

  private refused(commit: StateCommit, outcome: Exclude<CommitOutcome, { readonly kind: 'accepted' }>): MoonpoolError {
    this.parts.counters.refused.value++;
    this.note('persist-refused', this.currentVersion);
    return claimedAgain(stateOf(this.owner), commit, outcome);
  }

  private note(name: 'persist' | 'persist-ack' | 'persist-refused', version: number): void {
    const { actor, activation, storage } = this.owner;
    const { events } = this.parts;
    if (!events.enabled) return;
    const fields = { actor, activation, epoch: this.currentEpoch, version };
    events.record(name, storage === undefined ? fields : { ...fields, storage });
  }
}

/** Whoever waits for a commit would wait for ever if what an engine answers could not be read. */
function isOutcome(value: CommitOutcome): boolean {
  const [kind, version] = [partOf(value, 'kind'), partOf(value, 'version')];
  return kind === 'fenced' || ((kind === 'accepted' || kind === 'conflict') && Number.isSafeInteger(version));
}
