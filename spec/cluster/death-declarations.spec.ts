import { expect } from 'chai';
import { DeathDeclarations } from '../../lib/cluster/death-declarations';
import type { Member, MembershipStore, MembershipView } from '../../lib/cluster/membership-store';
import { MemoryMembershipStore } from '../../lib/cluster/memory-membership-store';
import { formatNodeId } from '../../lib/identity/node-id';
import type { ProcessIdentity } from '../../lib/providers/host-provider';
import type { NetworkProvider } from '../../lib/providers/network-provider';
import type { TimeProvider } from '../../lib/providers/time-provider';

const processOf = (pid: number): ProcessIdentity => ({ host: 'h', machine: 'm', pid, startedAt: '1' });

describe('Deaths of members', () => {
  let store: MembershipStore;
  let view: MembershipView;
  let ended: Set<number>;
  let lines: string[];
  /** What was scheduled and not cancelled. */
  let timers: Set<() => void>;
  let looks: number;
  let deaths: DeathDeclarations;

  const join = async (name: string, pid?: number): Promise<void> => {
    const request = { name, address: `${name}:1`, actorTypes: [] };
    await store.join(
      pid === undefined ? request : { ...request, origin: processOf(pid) },
      (await store.read()).version,
    );
    view = await store.read();
  };
  const member = (name: string): Member => view.members.find((one) => one.name === name) as Member;
  const statuses = (): string => view.members.map(({ name, status }) => `${name} ${status}`).join(', ');
  const tick = (): void => {
    const due = [...timers];
    timers.clear();
    for (const callback of due) callback();
  };

  beforeEach(async () => {
    store = new MemoryMembershipStore();
    ended = new Set();
    lines = [];
    timers = new Set();
    looks = 0;
    await join('self', 1);
    const time: Partial<TimeProvider> = {
      schedule: (_ms, callback) => {
        timers.add(callback);
        return { cancel: () => void timers.delete(callback) } as ReturnType<TimeProvider['schedule']>;
      },
    };
    deaths = new DeathDeclarations({
      store: {
        shared: true,
        read: () => store.read(),
        join: (request, version) => store.join(request, version),
        renew: (node, load) => store.renew(node, load),
        changeStatus: (node, status, expected) => store.changeStatus(node, status, expected),
      },
      time: time as TimeProvider,
      network: {} as NetworkProvider,
      host: { identity: processOf(1), hasEnded: ({ pid }) => ended.has(pid), onSignal: () => () => undefined },
      logger: {
        info: () => undefined,
        warn: (message, fields) => void lines.push(`${message}: ${String(fields?.['node'])}`),
        error: () => undefined,
      },
      self: () => member('self'),
      view: () => view,
      isLive: (node) => view.members.some((one) => formatNodeId(one) === formatNodeId(node) && one.status !== 'dead'),
      adopt: (latest) => void (view = latest),
      onEnded: () => void looks++,
    });
  });

  it('are declared at once of those whose processes have ended, however often they had renewed since the view was read', async () => {
    await join('b', 2);
    await join('c', 3);
    await store.renew(member('b'), 0);
    ended.add(2);
    await deaths.declare([]);
    expect(statuses()).to.equal('b dead, c active, self active');
    expect(lines).to.deep.equal(['the process of a node has ended, and it was declared dead: b#2']);
  });

  it('are declared though the view has changed since it was read', async () => {
    await join('b', 2);
    const before = view;
    await join('c', 3);
    view = before;
    ended.add(2);
    await deaths.declare([]);
    expect(statuses()).to.equal('b dead, c active, self active');
  });

  it('are not declared of who renewed while it was suspected, nor of this node itself, nor of those of whose process nothing is known', async () => {
    await join('b', 2);
    await join('old');
    const suspect = member('b');
    await store.renew(suspect, 0);
    ended.add(1);
    await deaths.declare([suspect]);
    expect(statuses()).to.equal('b active, old active, self active');
    await deaths.declare([(await store.read()).members.find(({ name }) => name === 'b') as Member]);
    expect(statuses()).to.equal('b dead, old active, self active');
    expect(lines).to.deep.equal(['a node did not renew its lease and was declared dead: b#2']);
  });

  it('are looked for between two views, and told of once', async () => {
    await join('b', 2);
    deaths.watch(member('self'));
    tick();
    expect(looks).to.equal(0);
    ended.add(2);
    tick();
    tick();
    expect(looks).to.equal(1);
    await join('d', 4);
    ended.add(4);
    tick();
    expect(looks).to.equal(2);
    await deaths.stop();
    expect(timers.size).to.equal(0);
  });
});
