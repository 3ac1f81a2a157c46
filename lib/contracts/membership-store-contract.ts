import { KEPT_DEAD, type JoinRequest, type Member, type MembershipStore } from '../cluster/membership-store';
import type { MemberSession } from '../cluster/member-session';
import { sameNode, type NodeId } from '../identity/node-id';
import { AssertionError } from 'node:assert';
import { expectEqual, expectFields, type Contract, type Sleep } from './contract';

const joining = (name: string, address = `${name}:1`): JoinRequest => ({ name, address, actorTypes: ['T'] });

/** Joins on the present view. */
async function join(store: MembershipStore, request: JoinRequest): Promise<NodeId> {
  const node = await store.join(request, (await store.read()).version);
  if (node === undefined) throw new AssertionError({ message: 'a join on the present view was refused' });
  return node;
}

async function memberOf(store: MembershipStore, { name, incarnation }: NodeId): Promise<Member | undefined> {
  const { members } = await store.read();
  return members.find((member) => member.name === name && member.incarnation === incarnation);
}

/** So often, and so long after each other, it is asked whether a session has ended: a store may need a moment to notice. */
const ATTEMPTS = 100;
const ATTEMPT_MS = 50;

/** Whether a session tells of the node that its own has ended, soon. */
async function tellsOfEnd(session: MemberSession, of: NodeId, sleep: Sleep): Promise<boolean> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if ((await session.ended([of])).some((node) => sameNode(node, of))) return true;
    await sleep(ATTEMPT_MS);
  }
  return false;
}

/** What every {@link MembershipStore} promises: views in one order, and the dead stay dead. */
export const membershipStoreContract: Contract<MembershipStore> = {
  name: 'a membership store',
  promises: [
    {
      title: 'whoever joins is active, with an incarnation above all before it',
      async check(store) {
        const a = await join(store, joining('a'));
        const b = await join(store, joining('b'));
        expectEqual('whether the second is above the first', b.incarnation > a.incarnation, true);
        const { members } = await store.read();
        const seen = members.map(({ name, status, address, actorTypes }) => [name, status, address, actorTypes]);
        expectEqual('the members', seen, [
          ['a', 'active', 'a:1', ['T']],
          ['b', 'active', 'b:1', ['T']],
        ]);
      },
    },
    {
      title: 'members are sorted by name, then by incarnation',
      async check(store) {
        for (const name of ['b', 'a', 'c', 'b']) await join(store, joining(name));
        const names = (await store.read()).members.map(({ name, status }) => `${name} ${status}`);
        expectEqual('the members', names, ['a active', 'b dead', 'b active', 'c active']);
      },
    },
    {
      title: 'what a node says of its process, of its options, of its classes and by its labels is kept as it was said',
      async check(store) {
        const origin = { host: 'web-1', machine: 'boot pid:[4]', pid: 77, startedAt: '12345' };
        const terms = { leaseTtlMs: 3_000, protocol: 1, values: 'json', usesTls: false, secrets: ['0a1b2c3d'] };
        const labels = { zone: 'eu', 'gpu/kind': '' };
        const actorVersions = { T: 2 };
        const a = await join(store, { ...joining('a'), actorVersions, labels, origin, terms });
        const b = await join(store, joining('b'));
        await store.renew(a, 3);
        expectFields('who said much', await memberOf(store, a), { origin, terms, labels, actorVersions });
        expectFields('who said nothing', await memberOf(store, b), {
          origin: undefined,
          terms: undefined,
          labels: undefined,
          actorVersions: undefined,
        });
      },
    },
    {
      title: 'views are ordered: every change of a status has the next version, renewals leave it',
      async check(store) {
        const a = await join(store, joining('a'));
        const { version } = await store.read();
        expectEqual('the renewal', await store.renew(a, 7), true);
        expectEqual('the version after a renewal', (await store.read()).version, version);
        expectFields('the member', await memberOf(store, a), { leaseCounter: 1, load: 7 });
        expectEqual('the change', await store.changeStatus(a, 'leaving', { version }), true);
        expectEqual('the version after a change', (await store.read()).version, version + 1);
      },
    },
    {
      title: 'whom a node does not reach is shown with it, until it says with a renewal that it does',
      async check(store) {
        const a = await join(store, joining('a'));
        const b = await join(store, joining('b'));
        const reach = { unreached: [b.incarnation], doubted: [b.incarnation, 77] };
        await store.renew(a, 0, reach);
        expectFields('who reaches somebody not', await memberOf(store, a), { reach });
        await store.renew(a, 0);
        expectFields('who reaches all', await memberOf(store, a), { reach: { unreached: [], doubted: [] } });
      },
    },
    {
      title: 'whoever joins under the name or the address of another takes its place, and that one is dead',
      async check(store) {
        const first = await join(store, joining('a', 'x:1'));
        const second = await join(store, joining('a', 'x:2'));
        const third = await join(store, joining('b', 'x:2'));
        expectFields('the first of the name', await memberOf(store, first), { status: 'dead' });
        expectFields('the first of the address', await memberOf(store, second), { status: 'dead' });
        expectFields('the last', await memberOf(store, third), { status: 'active' });
      },
    },
    {
      title:
        'a join that was decided on an older view is refused, so that one sent by a dead process cannot replace its successor',
      async check(store) {
        const { version } = await store.read();
        const successor = await join(store, joining('a'));
        expectEqual('the late join', await store.join(joining('a'), version), undefined);
        expectEqual('the renewal of the successor', await store.renew(successor, 0), true);
      },
    },
    {
      title: 'of nodes that join at once on one view, one does',
      async check(store) {
        const { version } = await store.read();
        const names = Array.from({ length: 10 }, (_, index) => `n${index}`);
        const nodes = await Promise.all(names.map((name) => store.join(joining(name), version)));
        expectEqual('those that joined', nodes.filter((node) => node !== undefined).length, 1);
      },
    },
    {
      title: 'no more than the last dead incarnation of a name is kept',
      async check(store) {
        for (let life = 0; life < 5; life++) await join(store, joining('a'));
        expectEqual('the members', (await store.read()).members.length, 2);
      },
    },
    {
      title:
        'of dead members that have names of their own, the latest are kept, so that nodes with a new name at each start fill no table',
      async check(store) {
        const survivor = await join(store, joining('survivor'));
        const nodes: NodeId[] = [];
        for (let life = 0; life < KEPT_DEAD + 3; life++) {
          const node = await join(store, joining(`n${life}`));
          await store.changeStatus(node, 'dead', { version: (await store.read()).version });
          nodes.push(node);
        }
        const last = await join(store, joining('last'));
        const kept = (await store.read()).members.filter(({ status }) => status === 'dead');
        const names = (members: readonly NodeId[]): readonly string[] => members.map(({ name }) => name).sort();
        expectEqual('the dead that are kept', names(kept), names(nodes.slice(-KEPT_DEAD)));
        for (const node of [survivor, last])
          expectFields('the living', await memberOf(store, node), { status: 'active' });
        expectEqual('a renewal of who was forgotten', await store.renew(nodes[0] as NodeId, 0), false);
        expectEqual('whether the last is above all', last.incarnation > (nodes.at(-1) as NodeId).incarnation, true);
      },
    },
    {
      title: 'a change that was decided on an older view is refused',
      async check(store) {
        const a = await join(store, joining('a'));
        const { version } = await store.read();
        await join(store, joining('b'));
        expectEqual('the change', await store.changeStatus(a, 'dead', { version }), false);
        expectFields('the member', await memberOf(store, a), { status: 'active' });
      },
    },
    {
      title: 'a member that renewed meanwhile is not declared dead',
      async check(store) {
        const a = await join(store, joining('a'));
        const { version } = await store.read();
        await store.renew(a, 0);
        const late = await store.changeStatus(a, 'dead', { version, leaseCounter: 0 });
        expectEqual('a change that has not seen the renewal', late, false);
        const present = await store.changeStatus(a, 'dead', { version, leaseCounter: 1 });
        expectEqual('a change that has', present, true);
      },
    },
    {
      title: 'the dead do not come back, and strangers are not let in: they neither renew nor change',
      async check(store) {
        const a = await join(store, joining('a'));
        const { version } = await store.read();
        await store.changeStatus(a, 'dead', { version });
        expectEqual('a renewal of the dead', await store.renew(a, 0), false);
        expectEqual('a change of the dead', await store.changeStatus(a, 'active', { version: version + 1 }), false);
        expectEqual('a renewal of a stranger', await store.renew({ name: 's', incarnation: 99 }, 0), false);
        expectFields('the dead', await memberOf(store, a), { status: 'dead', leaseCounter: 0 });
      },
    },
    {
      title: 'whoever opens it once more sees the members, and changes the same view',
      async check(store, open) {
        const a = await join(store, joining('a'));
        const other = await open();
        expectFields('the member, as the other sees it', await memberOf(other, a), { status: 'active' });
        const { version } = await store.read();
        await join(other, joining('b'));
        expectEqual('a change on the older view', await store.changeStatus(a, 'leaving', { version }), false);
      },
    },
    {
      title: 'a session is not said to have ended that is open, or that whoever asks has never seen open',
      async check(store, open) {
        const [a, b] = [await join(store, joining('a')), await join(store, joining('b'))];
        const other = await open();
        const [asking, asked] = [store.openSession?.(a), other.openSession?.(b)];
        // Not every store notices that a process has ended.
        if (asking === undefined || asked === undefined) return;
        expectEqual('before it was opened', await asking.ended([b]), []);
        await asked.ended([a]);
        expectEqual('while it is open', await asking.ended([b]), []);
        await asked.close();
        const late = (await open()).openSession?.(await join(store, joining('c')));
        expectEqual('to one that has never seen it', await late?.ended([b]), []);
        await Promise.all([asking.close(), late?.close()]);
      },
    },
    {
      title: 'a session that has ended is told of to whoever has seen it open, until nothing is asked of it',
      async check(store, open, sleep) {
        const [a, b] = [await join(store, joining('a')), await join(store, joining('b'))];
        const [asking, asked] = [store.openSession?.(a), (await open()).openSession?.(b)];
        if (asking === undefined || asked === undefined) return;
        await asked.ended([]);
        await asking.ended([b]);
        await asked.close();
        expectEqual('whether it is told', await tellsOfEnd(asking, b, sleep), true);
        await asking.ended([]);
        expectEqual('what is told when it was forgotten', await asking.ended([b]), []);
        await asking.close();
      },
    },
  ],
};
