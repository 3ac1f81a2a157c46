import { MemoryMembershipStore } from '../../cluster/memory-membership-store';
import type { MembershipStore } from '../../cluster/membership-store';
import type { ActorDirectory } from '../../directory/actor-directory';
import { MemoryDirectory } from '../../directory/memory-directory';
import { MoonpoolError } from '../../errors/moonpool-error';
import { MemoryStorage } from '../../persistence/memory-storage';
import type { StateStorage } from '../../persistence/state-storage';
import { never, type NodeLife } from '../engine/node-life';
import type { World } from '../engine/world';
import type { NetworkFabric } from '../network/network-fabric';
import type { StoreFaults } from './store-faults';

/** The host of the store in the simulated network: partitions may cut nodes off from it. */
export const STORE_HOST = 'store';

/** How long a request that a partition holds up waits before it is tried again, in milliseconds. */
const RETRY_MS = 50;

/**
 * The store of a simulated cluster: the same contracts as any other, behind a network that delays, loses and repeats
 * nothing but may be slow, and that outlives every node. A request is done at a moment between its sending and its
 * answer, also when its sender has died meanwhile.
 */
export class SimulatedStore {
  private readonly storage: StateStorage = new MemoryStorage();
  private readonly membership: MembershipStore = new MemoryMembershipStore();
  private readonly directory: ActorDirectory = new MemoryDirectory();
  /** The bytes of the last accepted write of each actor, for invariants. */
  readonly acceptedData = new Map<string, Uint8Array>();
  isFaulty = true;

  constructor(
    private readonly world: World,
    private readonly fabric: NetworkFabric,
    private readonly faults: StoreFaults,
  ) {}

  /** The state storage as one life of a node sees it. What is claimed and written goes into the timeline. */
  stateStorage(life: NodeLife, host: string): StateStorage {
    return {
      claim: (actor) =>
        this.ask(life, host, 'claim', async () => {
          const claimed = await this.storage.claim(actor);
          this.world.record(STORE_HOST, 'store-claim', { actor, epoch: claimed.epoch, version: claimed.version, by: life.toString() });
          return claimed;
        }),
      write: (write) =>
        this.ask(life, host, 'write', async () => {
          const outcome = await this.storage.write(write);
          const { actor, epoch, version } = write;
          if (outcome.kind === 'accepted') this.acceptedData.set(actor, write.data);
          this.world.record(STORE_HOST, `store-write-${outcome.kind}`, { actor, epoch, version, by: life.toString() });
          return outcome;
        }),
      read: (actor) => this.ask(life, host, 'read', () => this.storage.read(actor)),
    };
  }

  membershipStore(life: NodeLife, host: string): MembershipStore {
    const { membership } = this;
    return {
      shared: true,
      read: () => this.ask(life, host, 'members', () => membership.read()),
      join: (request) => this.ask(life, host, 'join', () => membership.join(request)),
      renew: (node, load) => this.ask(life, host, 'renew', () => membership.renew(node, load)),
      changeStatus: (node, status, expected) => this.ask(life, host, 'status', () => membership.changeStatus(node, status, expected)),
    };
  }

  actorDirectory(life: NodeLife, host: string): ActorDirectory {
    const { directory } = this;
    return {
      lookup: (actor) => this.ask(life, host, 'lookup', () => directory.lookup(actor)),
      register: (candidate, replaces) => this.ask(life, host, 'register', () => directory.register(candidate, replaces)),
      unregister: (actor, activation) => this.ask(life, host, 'unregister', () => directory.unregister(actor, activation)),
    };
  }

  /** How many members are active at present: read at once and without faults. */
  async countActiveMembers(): Promise<number> {
    const { members } = await this.membership.read();
    return members.filter(({ status }) => status === 'active').length;
  }

  private ask<T>(life: NodeLife, host: string, what: string, work: () => Promise<T>): Promise<T> {
    if (life.refuses()) return never();
    const rolls = this.world.random.rolls('store', `${life.node}/${what}`);
    const { faults, isFaulty } = this;
    const isSlow = isFaulty && rolls.happens(faults.slowProbability);
    const wayMs = isSlow ? rolls.between(faults.slowMinMs, faults.slowMaxMs) : rolls.between(faults.minMs, faults.maxMs) / 2;
    const backMs = rolls.between(faults.minMs, faults.maxMs) / 2;
    const isUnavailable = isFaulty && rolls.happens(faults.unavailableProbability);
    const isAnswerLost = isFaulty && rolls.happens(faults.answerLostProbability);
    return new Promise<T>((resolve, reject) => {
      const timeout = this.world.schedule(life, faults.answerTimeoutMs, 'store-timeout', () => reject(unavailable(what, 'it did not answer')));
      const answer = (act: () => void): void => {
        this.deliver(STORE_HOST, host, backMs, () => {
          this.world.cancel(timeout);
          if (!life.isOver) act();
        });
      };
      this.deliver(host, STORE_HOST, wayMs, () => {
        if (isUnavailable) {
          answer(() => reject(unavailable(what, 'it refused')));
          return;
        }
        work().then(
          (value) => {
            if (!isAnswerLost) answer(() => resolve(value));
          },
          (error: unknown) => answer(() => reject(error as Error)),
        );
      });
    });
  }

  /** What has been sent arrives, be it late, whatever has become of its sender. */
  private deliver(from: string, to: string, delayMs: number, act: () => void): void {
    this.world.schedule(undefined, delayMs, 'store', () => {
      if (this.fabric.partitions.isBlocked(from, to)) this.deliver(from, to, RETRY_MS, act);
      else act();
    });
  }
}

function unavailable(what: string, why: string): MoonpoolError {
  return new MoonpoolError('STORAGE_UNAVAILABLE', { message: `The store failed to ${what}: ${why}`, executed: 'maybe' });
}
