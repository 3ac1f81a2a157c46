import { MemoryMembershipStore } from '../../cluster/memory-membership-store';
import { MEMBERSHIP_OPERATIONS, type MembershipStore } from '../../cluster/membership-store';
import { DIRECTORY_OPERATIONS, type ActorDirectory } from '../../directory/actor-directory';
import { MemoryDirectory } from '../../directory/memory-directory';
import { MemoryStorage } from '../../storage/memory-storage';
import type { StateCommit } from '../../storage/state-commit';
import { STATE_OPERATIONS, type StateStorage } from '../../storage/state-storage';
import { hasEnded, ownerOfAnswer } from '../../persistence/answer-record';
import { crc32c } from '../../wire/crc32c';
import { relayed, type OperationTable, type StoreOperation } from '../../providers/store-operations';
import { WALL_CLOCK_ORIGIN_MS } from '../providers/simulated-clock';
import { never, type NodeLife } from '../timeline/node-life';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { NetworkConditions } from '../network/transfers/network-conditions';
import type { RollSequence } from '../random/keyed-rolls';
import { StoreExchange, type ExchangeFate } from './store-exchange';
import { CALM_STORE, type StoreFaults } from './store-faults';

/** The name of the store's machine: partitions may cut nodes off from it. */
export const STORE_MACHINE = 'store';

/** What the store of a simulated cluster is made of: the contracts that it fulfils, behind a network and its faults. */
export interface StoreEngines {
  readonly storage: StateStorage;
  readonly membership: MembershipStore;
  readonly directory: ActorDirectory;
  /** Lets go of what they hold; called when the run has ended. */
  readonly close?: () => void;
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
  /** The bytes of the last accepted write of each actor. */
  readonly acceptedData = new Map<string, Uint8Array>();
  /** The accepted events of each actor, in their order. */
  readonly acceptedEvents = new Map<string, Uint8Array[]>();
  private readonly engines: StoreEngines;
  private present: StoreFaults;

  constructor(
    private readonly engine: SimulationEngine,
    private readonly conditions: NetworkConditions,
    private readonly faults: StoreFaults,
    engines: Partial<StoreEngines> = {},
  ) {
    this.engines = {
      storage: new MemoryStorage(() => WALL_CLOCK_ORIGIN_MS + engine.now),
      membership: new MemoryMembershipStore(),
      directory: new MemoryDirectory(),
      ...engines,
    };
    this.present = CALM_STORE;
  }

  /** Switches the faults on or off; off, requests take their time and nothing else. */
  setFaulty(isFaulty: boolean): void {
    this.present = isFaulty ? this.faults : CALM_STORE;
  }

  /** The state storage as one life of a node sees it. */
  stateStorage(life: NodeLife): StateStorage {
    return this.seenBy<StateStorage>(life, STATE_OPERATIONS, this.engines.storage, {
      claim: ({ epoch, version }, actor) => this.record('store-claim', { actor, epoch, version, by: life.toString() }),
      commit: ({ kind }, commit) => {
        const { actor, epoch, version } = commit;
        const by = life.toString();
        if (kind === 'accepted') this.accept(commit);
        this.record(`store-write-${kind}`, { actor, epoch, version, by });
        if (kind === 'accepted') this.noteAnswers(commit, by);
      },
    });
  }

  /** The table of members as one life of a node sees it. */
  membershipStore(life: NodeLife): MembershipStore {
    const { membership } = this.engines;
    return { shared: true, ...this.seenBy<Omit<MembershipStore, 'bury'>>(life, MEMBERSHIP_OPERATIONS, membership, {}) };
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

  /** A contract of the store behind the network. @param notes is notified of what was done, at the store, by the methods. */
  private seenBy<Contract extends object>(
    life: NodeLife,
    table: OperationTable<Contract>,
    store: Contract,
    notes: Notes<Contract>,
  ): ReturnType<typeof relayed<Contract>> {
    const ask = (operation: StoreOperation, args: readonly unknown[], method: keyof OperationTable<Contract>) =>
      this.ask(life, operation, async () => {
        // What is asked is what the contract's own method was given.
        const answer: unknown = await (store[method] as StoreMethod).apply(store, [...args]);
        (notes[method] as StoreMethod | undefined)?.(answer, ...args);
        return answer;
      });
    return relayed(table, ask, store);
  }

  private ask<T>(life: NodeLife, operation: StoreOperation, work: () => Promise<T>): Promise<T> {
    if (!life.enter()) return never();
    const { conditions } = this;
    const there = conditions.link(life.machine, STORE_MACHINE);
    const back = conditions.link(STORE_MACHINE, life.machine);
    const fate = this.fateOf((site) =>
      this.engine.rolls.sequence(`store-${site}`, `${life.machine}/${operation.name}`),
    );
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

  private accept({ actor, data, events = [], destroys }: StateCommit): void {
    if (destroys === true) {
      this.acceptedData.delete(actor);
      this.acceptedEvents.delete(actor);
    }
    if (data === null) this.acceptedData.delete(actor);
    else if (data !== undefined) this.acceptedData.set(actor, data);
    if (events.length === 0) return;
    const before = this.acceptedEvents.get(actor);
    if (before === undefined) this.acceptedEvents.set(actor, [...events]);
    else before.push(...events);
  }

  /** An answer that says only that its call was begun is none yet. */
  private noteAnswers({ actor, answers = [], destroys }: StateCommit, by: string): void {
    if (destroys === true) this.record('store-answers-gone', { actor, by });
    for (const { key, data } of answers)
      if (isAnswer(ownerOfAnswer(actor, key), data))
        this.record('store-answer', { actor, key, content: crc32c(data), by });
  }

  private record(name: string, fields: Record<string, string | number>): void {
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
