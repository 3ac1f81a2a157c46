import { MemoryMembershipStore } from '../../cluster/memory-membership-store';
import type { MemberSession } from '../../cluster/member-session';
import { MEMBERSHIP_OPERATIONS, type MembershipStore } from '../../cluster/membership-store';
import { DIRECTORY_OPERATIONS, type ActorDirectory } from '../../directory/actor-directory';
import { MemoryDirectory } from '../../directory/memory-directory';
import type { NodeId } from '../../identity/node-id';
import { MemoryStorage } from '../../storage/memory-storage';
import type { StateCommit } from '../../storage/state-commit';
import { STATE_OPERATIONS, type StateStorage } from '../../storage/state-storage';
import { hasEnded, ownerOfAnswer } from '../../persistence/answer-record';
import { crc32c } from '../../wire/crc32c';
import { relayed, type OperationTable, type StoreOperation } from '../../providers/store-operations';
import { WALL_CLOCK_ORIGIN_MS } from '../providers/simulated-clock';
import { never, type NodeLife } from '../timeline/node-life';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { TimelineEventName } from '../timeline/event-names';
import type { NetworkConditions } from '../network/transfers/network-conditions';
import type { RollSequence } from '../random/keyed-rolls';
import { AcceptedWrites } from './accepted-writes';
import { SimulatedMemberSession, type AskStore } from './simulated-member-session';
import { StoreSessions } from './store-sessions';
import { StoreExchange, type ExchangeFate } from './store-exchange';
import { CALM_STORE, type StoreFaults } from './store-faults';

/** The name of the store's machine: partitions may cut nodes off from it. */
export const STORE_MACHINE = 'store';

/** What the store of a simulated cluster is made of: the contracts that it fulfils, behind a network and its faults. */
export interface StoreEngines {
  readonly storage: StateStorage;
  readonly membership: MembershipStore;
  readonly directory: ActorDirectory;
  /** Makes the storage that states ask for by this name, when it is first asked for. Default: in memory. */
  readonly named?: (name: string) => StateStorage;
  /** Lets go of what they hold; called when the run has ended. */
  readonly close?: () => void;
}

/** One storage of states, and what it has accepted. */
interface StoragePart {
  readonly storage: StateStorage;
  readonly accepted: AcceptedWrites;
}

/** Is notified of what was done: the answer, and what was asked. */
type Notes<Contract> = {
  readonly [Method in keyof Contract]?: NonNullable<Contract[Method]> extends (
    ...args: infer Args
  ) => Promise<infer Answer>
    ? (answer: Answer, ...args: Args) => void
    : never;
};
type StoreMethod = (...args: unknown[]) => unknown;

/**
 * The store of a simulated cluster: the same contracts as any other, behind a network. It outlives every node, may be
 * slow, refuse, or lose an answer, and takes down what it has claimed and accepted, for the invariants.
 */
export class SimulatedStore {
  /** What was accepted into the default storage. */
  readonly accepted = new AcceptedWrites();
  /** Those of the nodes, where this is a store that notices the ends of processes. */
  readonly sessions: StoreSessions;
  /** Whether nodes have sessions. */
  hasSessions = true;
  private readonly engines: StoreEngines;
  private readonly named = new Map<string, StoragePart>();
  private present: StoreFaults;

  constructor(
    private readonly engine: SimulationEngine,
    private readonly conditions: NetworkConditions,
    private readonly faults: StoreFaults,
    engines: Partial<StoreEngines> = {},
  ) {
    this.engines = {
      storage: this.inMemory(),
      membership: new MemoryMembershipStore(),
      directory: new MemoryDirectory(),
      ...engines,
    };
    this.present = CALM_STORE;
    this.sessions = new StoreSessions(engine, conditions, STORE_MACHINE);
  }

  /** Switches the faults on or off; off, requests take their time and nothing else. */
  setFaulty(isFaulty: boolean): void {
    this.present = isFaulty ? this.faults : CALM_STORE;
  }

  /** The state storage as one life of a node sees it. */
  stateStorage(life: NodeLife): StateStorage {
    return this.storageSeenBy(life, { storage: this.engines.storage, accepted: this.accepted });
  }

  /** The storage of this name as one life of a node sees it: one of its own, with the same faults. */
  namedStorage(life: NodeLife, name: string): StateStorage {
    return this.storageSeenBy(life, this.partOf(name), name);
  }

  /** What was accepted into the storage of this name, or into the default one. */
  acceptedIn(name: string | undefined): AcceptedWrites {
    return name === undefined ? this.accepted : this.partOf(name).accepted;
  }

  /** The table of members as one life of a node sees it. */
  membershipStore(life: NodeLife): MembershipStore {
    const { membership } = this.engines;
    return {
      shared: true,
      ...this.seenBy<Omit<MembershipStore, 'bury'>>(life, MEMBERSHIP_OPERATIONS, membership, {}),
      ...(this.hasSessions ? { openSession: (node: NodeId) => this.sessionOf(life, node) } : {}),
    };
  }

  /** The directory as one life of a node sees it. */
  actorDirectory(life: NodeLife): ActorDirectory {
    return this.seenBy<ActorDirectory>(life, DIRECTORY_OPERATIONS, this.engines.directory, {
      register: (holder, { actor, activation }, replaces) => {
        const instead = replaces === undefined ? {} : { replaces };
        const by = life.toString();
        this.record('directory-register', { actor, activation, holder: holder.activation, ...instead, by });
      },
      unregister: (_nothing, actor, activation) =>
        this.record('directory-unregister', { actor, activation, by: life.toString() }),
    });
  }

  /** The names of the members that are active at present: read at once and without faults. */
  async activeMembers(): Promise<readonly string[]> {
    const { members } = await this.engines.membership.read();
    return members.filter(({ status }) => status === 'active').map(({ name }) => name);
  }

  private sessionOf(life: NodeLife, node: NodeId): MemberSession {
    const ask: AskStore = (operation, work) => this.ask(life, operation, `${life.machine}/${operation.name}`, work);
    return new SimulatedMemberSession(this.sessions, life, node, ask, () => {
      const roll = (site: string) => this.engine.rolls.sequence(`store-${site}`, life.machine);
      if (roll('session-lost').strikes(this.present.sessionLostProbability)) this.sessions.lose([node.incarnation]);
      if (roll('restart').strikes(this.present.restartProbability)) this.sessions.lose();
    });
  }

  private inMemory(): StateStorage {
    return new MemoryStorage(() => WALL_CLOCK_ORIGIN_MS + this.engine.now);
  }

  private partOf(name: string): StoragePart {
    const known = this.named.get(name);
    if (known !== undefined) return known;
    const storage = this.engines.named?.(name) ?? this.inMemory();
    const part = { storage, accepted: new AcceptedWrites() };
    this.named.set(name, part);
    return part;
  }

  private storageSeenBy(life: NodeLife, { storage: engine, accepted }: StoragePart, storage?: string): StateStorage {
    const by = life.toString();
    const where = storage === undefined ? {} : { storage };
    const notes: Notes<StateStorage> = {
      claim: ({ epoch, version }, actor) => this.record('store-claim', { actor, ...where, epoch, version, by }),
      commit: ({ kind }, commit) => {
        const { actor, epoch, version } = commit;
        if (kind === 'accepted') accepted.accept(commit);
        this.record(`store-write-${kind}`, { actor, ...where, epoch, version, by });
        if (kind === 'accepted') this.noteAnswers(commit, by);
      },
    };
    return this.seenBy<StateStorage>(
      life,
      STATE_OPERATIONS,
      engine,
      notes,
      storage === undefined ? '' : ` in ${storage}`,
    );
  }

  /**
   * A contract of the store behind the network. @param notes is notified of what was done, at the store, by the methods.
   * @param place stands behind the names of operations in the keys of rolls, so that storages do not move each other's.
   */
  private seenBy<Contract extends object>(
    life: NodeLife,
    table: OperationTable<Contract>,
    store: Contract,
    notes: Notes<Contract>,
    place = '',
  ): ReturnType<typeof relayed<Contract>> {
    const ask = (operation: StoreOperation, args: readonly unknown[], method: keyof OperationTable<Contract>) =>
      this.ask(life, operation, `${life.machine}/${operation.name}${place}`, async () => {
        // What is asked is what the contract's own method was given.
        const answer: unknown = await (store[method] as StoreMethod).apply(store, [...args]);
        (notes[method] as StoreMethod | undefined)?.(answer, ...args);
        return answer;
      });
    return relayed(table, ask, store);
  }

  private ask<T>(life: NodeLife, operation: StoreOperation, entity: string, work: () => Promise<T>): Promise<T> {
    if (!life.enter()) return never();
    const { conditions } = this;
    const there = conditions.link(life.machine, STORE_MACHINE);
    const back = conditions.link(STORE_MACHINE, life.machine);
    const fate = this.fateOf((site) => this.engine.rolls.sequence(`store-${site}`, entity));
    return new StoreExchange(conditions, life, operation, there, back, fate, work).begin();
  }

  /** Every roll has a site of its own, so that none moves another. */
  private fateOf(rolls: (site: string) => RollSequence): ExchangeFate {
    const { present } = this;
    const extraMs = (late: RollSequence) => {
      const byMs = late.manner().between(present.slowMinMs, present.slowMaxMs);
      late.tells({ byMs });
      return byMs;
    };
    const [slow, lateAnswer] = [rolls('slow'), rolls('late-answer')];
    const totalMs = rolls('latency').between(present.minMs, present.maxMs);
    const wayMs = totalMs * rolls('moment').fraction();
    return {
      wayMs: wayMs + (slow.strikes(present.slowProbability) ? extraMs(slow) : 0),
      backMs: totalMs - wayMs + (lateAnswer.strikes(present.lateAnswerProbability) ? extraMs(lateAnswer) : 0),
      diesWithSender: rolls('dies-with-sender').chance(0.5),
      refused: rolls('unavailable').strikes(present.unavailableProbability),
      answerLost: rolls('answer-lost').strikes(present.answerLostProbability),
      limitMs: present.answerTimeoutMs,
    };
  }

  /** An answer that says only that its call was begun is none yet. */
  private noteAnswers({ actor, answers = [], destroys }: StateCommit, by: string): void {
    if (destroys === true) this.record('store-answers-gone', { actor, by });
    for (const { key, data } of answers)
      if (isAnswer(ownerOfAnswer(actor, key), data))
        this.record('store-answer', { actor, key, content: crc32c(data), by });
  }

  private record(name: TimelineEventName, fields: Record<string, string | number>): void {
    this.engine.record(undefined, name, fields);
  }
}

/** What whoever writes to the store by itself has made up is no answer of an actor. */
function isAnswer(owner: string, data: Uint8Array): boolean {
  try {
    return hasEnded(owner, data);
  } catch {
    return false;
  }
}
