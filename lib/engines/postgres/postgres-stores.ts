import { MEMBERSHIP_OPERATIONS, type MembershipStore } from '../../cluster/membership-store';
import { REACHES_ALL } from '../../cluster/reach-report';
import { DIRECTORY_OPERATIONS, type ActorDirectory } from '../../directory/actor-directory';
import { relayed, type OperationTable, type StoreOperation } from '../../providers/store-operations';
import { STATE_OPERATIONS, type StateStorage } from '../../storage/state-storage';
import {
  DIRECTORY_TEXTS,
  MEMBER_TEXTS,
  refusalOfTexts,
  STATE_TEXTS,
  type TextRules,
} from '../../storage/storable-texts';
import { answers, histories, PostgresActors } from './postgres-actors';
import { claims, reads } from './postgres-claims';
import { commits, destroyingCommits } from './postgres-commits';
import { keptDeliveries, PostgresDeliveries, settlements } from './postgres-deliveries';
import { lookups, registrations, removals } from './postgres-directory';
import { PostgresLane, type LaneWork } from './postgres-lane';
import type { PostgresHeldConnection } from './postgres-held-connection';
import { PostgresListener } from './postgres-listener';
import { PostgresMemberSession } from './postgres-member-session';
import { PostgresMembers } from './postgres-members';
import type { PostgresTables } from './postgres-schema';
import type { PostgresSession } from './postgres-session';
import type { PostgresSessions } from './postgres-sessions';

/** What is durable of actors in PostgreSQL. @param cluster whose deliveries are kept apart from those of others in the same tables. */
export function postgresStateStorage(
  sessions: PostgresSessions,
  tables: PostgresTables,
  cluster: string,
): StateStorage {
  const laneOf = <Asked, Answer>(work: LaneWork<Asked, Answer>) => new PostgresLane(sessions, work);
  const claiming = laneOf(claims(tables));
  const committing = laneOf(commits(tables, cluster, sessions.place));
  const destroying = laneOf(destroyingCommits(tables, cluster, sessions.place));
  const reading = laneOf(reads(tables));
  const answering = laneOf(answers(tables));
  const readingHistories = laneOf(histories(tables));
  const delivering = laneOf(keptDeliveries(tables, cluster));
  const settling = laneOf(settlements(tables, cluster));
  const actors = new PostgresActors(tables, cluster);
  const deliveries = new PostgresDeliveries(tables, cluster);
  // Long questions go one after the other, so that there are connections left for all else.
  const listing = laneOf(oneByOne(STATE_OPERATIONS.list, actors.list.bind(actors)));
  const counting = laneOf(oneByOne(STATE_OPERATIONS.count, actors.count.bind(actors)));
  const lookingForDue = laneOf(oneByOne(STATE_OPERATIONS.due, deliveries.due.bind(deliveries)));
  const paging = laneOf(oneByOne(STATE_OPERATIONS.deliveries, deliveries.page.bind(deliveries)));
  const forgetting = laneOf(oneByOne(STATE_OPERATIONS.forget, actors.forget.bind(actors)));
  return withStorableTexts<StateStorage>(STATE_OPERATIONS, STATE_TEXTS, {
    claim: (actor) => claiming.ask(actor),
    commit: (commit) => (commit.destroys === true ? destroying : committing).ask(commit),
    read: (actor) => reading.ask(actor),
    list: (query) => listing.ask(query),
    count: (prefix) => counting.ask(prefix),
    history: (actor, from, limit) => readingHistories.ask({ actor, from, limit }),
    answer: (actor, key) => answering.ask({ actor, key }),
    deliver: (kept) => delivering.ask(kept),
    due: (range, limit) => lookingForDue.ask({ range, limit }),
    settle: (settlement) => settling.ask(settlement),
    deliveries: (query) => paging.ask(query),
    forget: (past) => forgetting.ask(past),
  });
}

/** What cannot be stored reaches no lane: the server would refuse all that travels with it. */
function withStorableTexts<Contract extends object>(
  table: OperationTable<Contract>,
  rules: TextRules<Contract>,
  store: Contract,
): Contract {
  const asked = relayed<Contract>(
    table,
    (_operation, args, method) =>
      refusalOfTexts(rules, method, args) ??
      (store[method] as unknown as (...given: readonly unknown[]) => Promise<unknown>)(...args),
    store,
  );
  return { ...store, ...asked };
}

function oneByOne<Asked, Answer>(
  operation: StoreOperation,
  run: (session: PostgresSession, asked: Asked) => Promise<Answer>,
): LaneWork<Asked, Answer> {
  return {
    operation,
    maxBatch: 1,
    run: (session, batch) => Promise.all(batch.map((asked) => run(session, asked))),
  };
}

/** The directory in PostgreSQL. */
export function postgresDirectory(sessions: PostgresSessions, tables: PostgresTables): ActorDirectory {
  const looking = new PostgresLane(sessions, lookups(tables));
  const registering = new PostgresLane(sessions, registrations(tables));
  const removing = new PostgresLane(sessions, removals(tables));
  return withStorableTexts<ActorDirectory>(DIRECTORY_OPERATIONS, DIRECTORY_TEXTS, {
    lookup: (actor) => looking.ask(actor),
    register: (registration, replaces) => registering.ask({ registration, replaces }),
    unregister: (actor, activation) => removing.ask({ actor, activation }),
  });
}

/** Membership in PostgreSQL. Several clusters may share one schema. @param connection is held for as long as somebody listens, or has a session. */
export function postgresMembership(
  sessions: PostgresSessions,
  tables: PostgresTables,
  cluster: string,
  connection: PostgresHeldConnection,
): MembershipStore {
  const listener = new PostgresListener(connection, channelOf(tables), cluster);
  const members = new PostgresMembers(tables, cluster, channelOf(tables));
  const one = <T>({ does }: StoreOperation, work: (session: PostgresSession) => Promise<T>) =>
    sessions.begin(does, work);
  return withStorableTexts<MembershipStore>(MEMBERSHIP_OPERATIONS, MEMBER_TEXTS, {
    shared: true,
    read: () => one(MEMBERSHIP_OPERATIONS.read, (session) => members.read(session)),
    join: (request, expectedVersion) =>
      one(MEMBERSHIP_OPERATIONS.join, (session) => members.join(session, request, expectedVersion)),
    renew: (node, load, reach = REACHES_ALL) =>
      one(MEMBERSHIP_OPERATIONS.renew, (session) => members.renew(session, node, load, reach)),
    changeStatus: (node, status, expected) =>
      one(MEMBERSHIP_OPERATIONS.changeStatus, (session) => members.changeStatus(session, node, status, expected)),
    otherClusters: () => one(MEMBERSHIP_OPERATIONS.otherClusters, (session) => members.otherClusters(session)),
    onChange: (told) => listener.onAnnouncement(told),
    openSession: (node) => new PostgresMemberSession(connection, `${tables.number}/${cluster}`, node),
  });
}

/** Where changes of the members of a schema are announced. */
function channelOf(tables: PostgresTables): string {
  return `moonpool_${(tables.number >>> 0).toString(16)}`;
}
