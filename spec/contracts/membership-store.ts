import { expect } from 'chai';
import type { JoinRequest, MembershipStore } from '../../lib/cluster/membership-store';
import type { NodeId } from '../../lib/identity/node-id';
import type { ContractWorld } from './contract-world';

const joining = (name: string, address = `${name}:1`) => ({ name, address, actorTypes: ['T'] });

/** Joins on the present view. */
async function join(store: MembershipStore, request: JoinRequest): Promise<NodeId> {
  const node = await store.join(request, (await store.read()).version);
  if (node === undefined) throw new Error('a join on the present view was refused');
  return node;
}

/** What every membership store does. */
export function describeMembershipStoreContract(name: string, world: ContractWorld<MembershipStore>): void {
  describe(`${name} keeps the contract of a membership store:`, () => {
    it('whoever joins is active, with an incarnation above all before it', () =>
      world.run(async (store) => {
        const a = await join(store, joining('a'));
        const b = await join(store, joining('b'));
        expect(b.incarnation).to.be.greaterThan(a.incarnation);
        const { members } = await store.read();
        expect(members.map((member) => [member.name, member.status, member.address, member.actorTypes])).to.deep.equal([
          ['a', 'active', 'a:1', ['T']],
          ['b', 'active', 'b:1', ['T']],
        ]);
      }));

    it('what a node says of its process, of its options and by its labels is kept as it was said', () =>
      world.run(async (store) => {
        const origin = { host: 'web-1', machine: 'boot pid:[4]', pid: 77, startedAt: '12345' };
        const terms = { leaseTtlMs: 3_000, protocol: 1, values: 'json', usesTls: false, secrets: ['0a1b2c3d'] };
        const a = await join(store, { ...joining('a'), labels: { zone: 'eu' }, origin, terms });
        await join(store, joining('b'));
        await store.renew(a, 3);
        const [first, second] = (await store.read()).members;
        expect(first).to.deep.include({ name: 'a', labels: { zone: 'eu' }, origin, terms });
        expect([second?.labels, second?.origin, second?.terms]).to.deep.equal([undefined, undefined, undefined]);
      }));

    it('views are ordered: every change of a status has the next version, renewals leave it', () =>
      world.run(async (store) => {
        const a = await join(store, joining('a'));
        const { version } = await store.read();
        expect(await store.renew(a, 7)).to.equal(true);
        const renewed = await store.read();
        expect(renewed.version).to.equal(version);
        expect(renewed.members[0]).to.include({ leaseCounter: 1, load: 7 });
        expect(await store.changeStatus(a, 'leaving', { version })).to.equal(true);
        expect((await store.read()).version).to.equal(version + 1);
      }));

    it('whoever joins under the name or the address of another takes its place, and that one is dead', () =>
      world.run(async (store) => {
        const first = await join(store, joining('a', 'x:1'));
        const second = await join(store, joining('a', 'x:2'));
        const third = await join(store, joining('b', 'x:2'));
        const statuses = new Map((await store.read()).members.map((member) => [member.incarnation, member.status]));
        expect(statuses.get(first.incarnation)).to.equal('dead');
        expect(statuses.get(second.incarnation)).to.equal('dead');
        expect(statuses.get(third.incarnation)).to.equal('active');
        expect(await store.renew(first, 0)).to.equal(false);
        expect(await store.renew(second, 0)).to.equal(false);
      }));

    it('a join that was decided on an older view is refused, so that one sent by a dead process cannot replace its successor', () =>
      world.run(async (store) => {
        const { version } = await store.read();
        const successor = await join(store, joining('a'));
        expect(await store.join(joining('a'), version)).to.equal(undefined);
        expect(await store.renew(successor, 0)).to.equal(true);
      }));

    it('keeps no more than the last dead incarnation of a name', () =>
      world.run(async (store) => {
        for (let life = 0; life < 5; life++) await join(store, joining('a'));
        expect((await store.read()).members).to.have.length(2);
      }));

    it('a change that was decided on an older view is refused', () =>
      world.run(async (store) => {
        const a = await join(store, joining('a'));
        const { version } = await store.read();
        await join(store, joining('b'));
        expect(await store.changeStatus(a, 'dead', { version })).to.equal(false);
        expect((await store.read()).members[0]).to.include({ status: 'active' });
      }));

    it('a member that renewed meanwhile is not declared dead', () =>
      world.run(async (store) => {
        const a = await join(store, joining('a'));
        const { version } = await store.read();
        await store.renew(a, 0);
        expect(await store.changeStatus(a, 'dead', { version, leaseCounter: 0 })).to.equal(false);
        expect(await store.changeStatus(a, 'dead', { version, leaseCounter: 1 })).to.equal(true);
      }));

    it('the dead do not come back: they neither renew nor change', () =>
      world.run(async (store) => {
        const a = await join(store, joining('a'));
        const { version } = await store.read();
        await store.changeStatus(a, 'dead', { version });
        expect(await store.renew(a, 0)).to.equal(false);
        expect(await store.changeStatus(a, 'active', { version: version + 1 })).to.equal(false);
        expect(await store.renew({ name: 'stranger', incarnation: 99 }, 0)).to.equal(false);
      }));
  });
}
