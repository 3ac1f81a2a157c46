import type { SqliteAges } from './sqlite-ages';
import type { ActorDirectory, Registration } from '../../directory/actor-directory';
import type { SynchronousOperations } from '../../providers/store-operations';
import type { CommitOutcome, StateCommit } from '../../storage/state-commit';
import type { StateStorage } from '../../storage/state-storage';
import type {
  DeliveriesDue,
  DeliveryPage,
  DeliveryQuery,
  DeliveryRange,
  NewDelivery,
  Settlement,
} from '../../storage/stored-delivery';
import type { ActorPage, ActorQuery, Forgetting, StoredEvent, StoredState } from '../../storage/stored-state';
import type { ActorHead } from './sqlite-actor-head';
import { SqliteActorRows, type ActorRow } from './sqlite-actor-rows';
import { SqliteAnswers } from './sqlite-answers';
import { SqliteDeliveries } from './sqlite-deliveries';
import type { SqliteDatabase } from './sqlite-driver';
import { SqliteJournals } from './sqlite-journals';
import type { STATES_TABLE } from './sqlite-operations';
import { MOST_RECENT, SqliteRecent } from './sqlite-recent';
import { SqliteRegistrations } from './sqlite-registrations';
import { SqliteStatements } from './sqlite-statements';

/** How many events, and answers, a commit has at most that is written without a look at its row. */
const MOST_FOLLOWED = 16;

/** What is stored of actors, and registrations, in terms of SQL. Each operation runs inside a transaction that others may share. */
export class SqliteStateOperations implements SynchronousOperations<
  StateStorage & ActorDirectory,
  typeof STATES_TABLE
> {
  private readonly rows: SqliteActorRows;
  private readonly recent: SqliteRecent;
  private readonly journals: SqliteJournals;
  private readonly answers: SqliteAnswers;
  private readonly kept: SqliteDeliveries;
  private readonly registrations: SqliteRegistrations;

  /**
   * @param now the store's clock, in milliseconds since 1970: one for all who use the file.
   * @param ages how old what it has stamped is. Default: as that clock says.
   * @param mostRecent how many events and answers are gathered before they are moved.
   */
  constructor(
    database: SqliteDatabase,
    private readonly now: () => number,
    private readonly ages: Pick<SqliteAges, 'latestOlderThan'> = { latestOlderThan: (ageMs) => now() - ageMs },
    mostRecent = MOST_RECENT,
  ) {
    const sql = new SqliteStatements(database);
    this.rows = new SqliteActorRows(sql);
    this.recent = new SqliteRecent(sql, mostRecent);
    this.journals = new SqliteJournals(sql, this.recent);
    this.answers = new SqliteAnswers(sql, this.recent);
    this.kept = new SqliteDeliveries(sql, now);
    this.registrations = new SqliteRegistrations(sql);
  }

  claim(actor: string): StoredState {
    const present = this.rows.read(actor);
    if (present === undefined) return this.stateOf({ head: this.rows.add(actor), data: undefined });
    return this.stateOf(this.rows.claim(present));
  }

  commit(commit: StateCommit): CommitOutcome {
    const isWritten = isPlain(commit) ? this.rows.replaceData(commit, commit.data) : this.follow(commit);
    if (!isWritten) return this.commitAll(commit);
    this.writeDeliveries(commit);
    return { kind: 'accepted', version: commit.version + 1 };
  }

  read(actor: string): StoredState | undefined {
    const row = this.rows.read(actor);
    return row === undefined ? undefined : this.stateOf(row);
  }

  list(query: ActorQuery): ActorPage {
    return this.rows.page(query);
  }

  count(prefix: string): number {
    return this.rows.count(prefix);
  }

  history(actor: string, from: number, limit: number): readonly StoredEvent[] {
    const head = this.rows.head(actor);
    return head === undefined ? [] : this.journals.events(head, from, limit);
  }

  answer(actor: string, key: string): Uint8Array | undefined {
    return this.answers.answer(actor, key);
  }

  deliver(deliveries: readonly NewDelivery[]): void {
    this.kept.add(deliveries);
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
    const heads = new Map<string, ActorHead | undefined>();
    const headOf = (actor: string): ActorHead | undefined => {
      if (!heads.has(actor)) heads.set(actor, this.rows.soundHead(actor));
      return heads.get(actor);
    };
    const before = this.ages.latestOlderThan(answersOlderThanMs);
    const forgotten = this.answers.forget(before, limit, (actor) => headOf(actor) !== undefined);
    for (const [actor, count] of forgotten) this.rows.loseAnswers(headOf(actor) as ActorHead, count);
    return [...forgotten.values()].reduce((sum, count) => sum + count, 0);
  }

  lookup(actor: string): Registration | undefined {
    return this.registrations.lookup(actor);
  }

  register(candidate: Registration, replaces?: string): Registration {
    return this.registrations.register(candidate, replaces);
  }

  unregister(actor: string, activation: string): void {
    this.registrations.unregister(actor, activation);
  }

  private stateOf({ head, data }: ActorRow): StoredState {
    const { epoch, version, writeId, lastEvent, answers } = head;
    return { epoch, version, writeId, data, snapshot: this.journals.snapshot(head), lastEvent, answers };
  }

  /** The transaction was undone: what is known of what it has written is wrong. */
  undone(): void {
    this.rows.undone();
    this.kept.undone();
    this.recent.undone();
  }

  /** There may be something to tidy up, which nobody waits for. */
  get isUntidy(): boolean {
    return this.recent.mayBeMany;
  }

  tidy(): void {
    this.recent.settleMany();
  }

  /** Writes a commit, but for its deliveries, behind a row that is known, without reading it. False when more is to be looked at; nothing is written then. */
  private follow(commit: StateCommit): boolean {
    const known = this.rows.known(commit);
    const { data, events = [], answers = [], keptAnswers, destroys } = commit;
    if (known === undefined || data === null || destroys === true) return false;
    // Each pair of counts has a statement of its own.
    if (events.length > MOST_FOLLOWED || answers.length > MOST_FOLLOWED) return false;
    const remembered = known.head.keptAnswers + answers.length;
    if (keptAnswers !== undefined && this.answers.areTooMany(remembered, keptAnswers)) return false;
    if (!this.rows.replace(known, headAfter(known.head, commit, remembered), data)) return false;
    this.writeBesides(commit, known.head);
    return true;
  }

  /** A commit that holds more than states, or is refused, or is the first that is to be listed. */
  private commitAll(commit: StateCommit): CommitOutcome {
    const { actor, data, keptAnswers } = commit;
    // States that are replaced need not be read.
    const row = data === undefined ? this.rows.read(actor) : rowOf(this.rows.head(actor));
    if (row?.head.epoch !== commit.epoch) return { kind: 'fenced', epoch: row?.head.epoch ?? 0 };
    const { version, writeId } = row.head;
    if (version !== commit.version) return { kind: 'conflict', version, writeId };
    const before = commit.destroys === true ? this.destroyed(row) : row;
    this.writeBesides(commit, before.head);
    const remembered = before.head.keptAnswers + (commit.answers?.length ?? 0);
    const isPruned = keptAnswers !== undefined && this.answers.areTooMany(remembered, keptAnswers);
    const head = headAfter(before.head, commit, isPruned ? this.answers.prune(actor, keptAnswers) : remembered);
    this.writeDeliveries(commit);
    this.rows.write(row.head, head, data === undefined ? before.data : (data ?? undefined));
    return { kind: 'accepted', version: head.version };
  }

  private destroyed({ head }: ActorRow): ActorRow {
    this.recent.settleOf(head.actor);
    this.journals.clear(head.actor);
    this.answers.clear(head.actor);
    return { head: { ...head, lastEvent: 0, answers: 0, keptAnswers: 0, snapshotUpTo: null }, data: undefined };
  }

  /** Writes what lies in tables of the actor besides its row. */
  private writeBesides(commit: StateCommit, head: ActorHead): void {
    const { actor, events = [], snapshot, answers = [] } = commit;
    if (head.lastEvent === 0 && events.length > 0) this.journals.requireNone(actor);
    if (snapshot !== undefined) this.journals.putSnapshot(actor, snapshot);
    this.recent.append(head, events, answers, this.now());
  }

  private writeDeliveries({ deliveries = [], cancels = [] }: StateCommit): void {
    for (const id of cancels) this.kept.remove(id);
    this.kept.put(deliveries);
  }
}

/** It holds states, and at most deliveries besides. */
function isPlain(commit: StateCommit): commit is StateCommit & { readonly data: Uint8Array } {
  const { data, events = [], snapshot, answers = [], keptAnswers, destroys } = commit;
  const hasStates = data !== undefined && data !== null;
  const isMore = snapshot !== undefined || keptAnswers !== undefined || destroys === true;
  return hasStates && !isMore && events.length === 0 && answers.length === 0;
}

function rowOf(head: ActorHead | undefined): ActorRow | undefined {
  return head && { head, data: undefined };
}

/** What the row of the actor says after the commit. */
function headAfter(head: ActorHead, commit: StateCommit, keptAnswers: number): ActorHead {
  const { actor, epoch, place, version, listed, lastEvent, answers, snapshotUpTo } = head;
  return {
    place,
    actor,
    epoch,
    version: version + 1,
    writeId: commit.writeId,
    lastEvent: lastEvent + (commit.events?.length ?? 0),
    answers: answers + (commit.answers?.length ?? 0),
    keptAnswers,
    snapshotUpTo: commit.snapshot?.upTo ?? snapshotUpTo,
    listed,
  };
}
