import { expect } from 'chai';
import { Lease } from '../../lib/cluster/lease';
import { Membership } from '../../lib/cluster/membership';
import type { MembershipParts } from '../../lib/cluster/membership-parts';
import type { Member, MembershipView } from '../../lib/cluster/membership-store';
import { MemoryMembershipStore } from '../../lib/cluster/memory-membership-store';
import { Reach } from '../../lib/cluster/reach';
import { LocalNode } from '../../lib/identity/local-node';
import type { TimeProvider } from '../../lib/providers/time-provider';

const TTL_MS = 3_000;

const memberOf = (incarnation: number, leaseCounter: number, unreached: readonly number[] = []): Member => ({
  ...{ name: `n${incarnation}`, incarnation, address: `a:${incarnation}`, actorTypes: [], status: 'active' },
  ...{ leaseCounter, load: 0, reach: { unreached, doubted: unreached } },
});

/** A store that says what the spec has put there. */
class ScriptedStore extends MemoryMembershipStore {
  override readonly shared = true as false;
  view: MembershipView = { version: 1, members: [] };
  statuses: string[] = [];
  reads = 0;

  override async read(): Promise<MembershipView> {
    this.reads++;
    return this.view;
  }

  override async changeStatus(...[{ name }, status]: Parameters<MemoryMembershipStore['changeStatus']>) {
    this.statuses.push(`${name} ${status}`);
    return true;
  }
}

describe('What a node reads of its cluster', () => {
  let now: number;
  let store: ScriptedStore;
  let membership: Membership;
  let fenced: string[];
  let told: number[];

  /** The view of the next read, some time later. */
  const see = async (version: number, ...members: readonly Member[]): Promise<void> => {
    now += TTL_MS / 3;
    store.view = { version, members };
    await membership.refresh();
  };

  beforeEach(() => {
    [now, fenced, told] = [1_000, [], []];
    store = new ScriptedStore();
    const local = new LocalNode('node', 'spec', 'n1');
    local.join({ name: 'n1', incarnation: 1 });
    const time = {
      now: () => now,
      schedule: () => ({ cancel: () => undefined }),
    } as unknown as TimeProvider;
    const options = { ttlMs: TTL_MS, isolationMs: 10_000 };
    membership = new Membership({
      ...{ local, store, time, options, lease: new Lease(time, TTL_MS), reach: new Reach(time, options.isolationMs) },
      ...{ events: { enabled: false }, logger: { info() {}, warn() {}, error() {} } },
      buggify: { knob: (_name: string, proper: number) => proper },
    } as unknown as MembershipParts);
    membership.onFenced(({ why }) => fenced.push(why));
    membership.onView(({ version }) => told.push(version));
  });

  it('counts against it only as long as it is not old: of a member that renews nothing any more nobody knows whom it reaches', async () => {
    const self = memberOf(1, 1);
    await see(1, self, memberOf(2, 1, [1]), memberOf(3, 1));
    for (let counter = 2; counter < 4; counter++) await see(1, self, memberOf(2, 1, [1]), memberOf(3, counter));
    await see(1, self, memberOf(2, 1, [1]), memberOf(3, 4, [1]));
    expect(fenced).to.deep.equal([]);
    await see(1, self, memberOf(2, 2, [1]), memberOf(3, 5, [1]));
    expect([fenced.length, ...store.statuses]).to.deep.equal([1, 'n1 dead']);
  });

  it('is one read for all who ask at the same moment, and another one for those who ask later', async () => {
    await Promise.all(Array.from({ length: 5 }, () => membership.refresh()));
    expect(store.reads).to.equal(1);
    await membership.refresh();
    expect(store.reads).to.equal(2);
  });

  it('never goes back, though answers overtake each other', async () => {
    await see(3, memberOf(1, 1), memberOf(2, 1));
    await see(2, memberOf(1, 1));
    expect([membership.view.version, membership.view.members.length, ...told]).to.deep.equal([3, 2, 3]);
    expect(membership.isLive({ name: 'n2', incarnation: 2 })).to.equal(true);
  });
});
