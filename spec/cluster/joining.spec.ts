import { expect } from 'chai';
import { disagreement, type ClusterTerms } from '../../lib/cluster/cluster-terms';
import { Joining } from '../../lib/cluster/joining';
import { MemoryMembershipStore } from '../../lib/cluster/memory-membership-store';
import type { MembershipStore } from '../../lib/cluster/membership-store';
import { ClusterSecret } from '../../lib/handshake/cluster-secret';
import { LocalNode } from '../../lib/identity/local-node';
import type { NodeId } from '../../lib/identity/node-id';
import type { TimeProvider } from '../../lib/providers/time-provider';
import { codeOf } from '../activation/cluster-fixture';

const TERMS: ClusterTerms = { leaseTtlMs: 3_000, protocol: 1, values: 'json', usesTls: false, secrets: [] };
const fingerprints = (...secrets: string[]): readonly string[] =>
  new ClusterSecret(secrets.map((secret) => `${secret}, and so on to sixteen bytes`)).fingerprints('spec');
const origin = { host: 'web-1', machine: 'boot', pid: 77, startedAt: '5' };

describe('The terms of a cluster', () => {
  it('are agreed on when they are the same, or while a secret is being replaced', () => {
    expect(disagreement(TERMS, { ...TERMS })).to.equal(undefined);
    // A node that speaks one version alone, and one that speaks that and newer ones.
    expect(disagreement(TERMS, { ...TERMS, newestProtocol: 3 })).to.equal(undefined);
    expect(disagreement({ ...TERMS, protocol: 2, newestProtocol: 5 }, { ...TERMS, newestProtocol: 3 })).to.equal(
      undefined,
    );
    const [old, both, turned, young] = [
      fingerprints('old'),
      fingerprints('old', 'new'),
      fingerprints('new', 'old'),
      fingerprints('new'),
    ];
    for (const [a, b] of [
      [old, both],
      [both, both],
      [both, turned],
      [turned, young],
      [young, young],
    ] as const) {
      expect(disagreement({ ...TERMS, secrets: a }, { ...TERMS, secrets: b })).to.equal(undefined);
      expect(disagreement({ ...TERMS, secrets: b }, { ...TERMS, secrets: a })).to.equal(undefined);
    }
    // Whoever has the old one first proves it, and the other does not take it.
    expect(disagreement({ ...TERMS, secrets: both }, { ...TERMS, secrets: young })).to.contain(
      'security.clusterSecret',
    );
  });

  it('name everything in which two nodes differ', () => {
    expect(disagreement({ ...TERMS, leaseTtlMs: 10_000 }, TERMS)).to.equal(
      'its lease lasts 10000 ms, that of this node 3000 ms (lease.ttlMs)',
    );
    expect(disagreement({ ...TERMS, protocol: 2 }, TERMS)).to.equal(
      'it speaks version 2 of the protocol, this node version 1',
    );
    expect(disagreement({ ...TERMS, protocol: 4, newestProtocol: 6 }, { ...TERMS, newestProtocol: 3 })).to.equal(
      'it speaks versions 4 to 6 of the protocol, this node versions 1 to 3',
    );
    expect(disagreement({ ...TERMS, values: 'msgpack' }, TERMS)).to.equal(
      'its values travel as msgpack, those of this node as json (the serializer)',
    );
    expect(disagreement({ ...TERMS, usesTls: true }, TERMS)).to.equal('it uses TLS, this node does not (security.tls)');
    expect(disagreement({ ...TERMS, secrets: fingerprints('a') }, TERMS)).to.equal(
      'it has a cluster secret, this node has none (security.clusterSecret)',
    );
    expect(disagreement(TERMS, { ...TERMS, secrets: fingerprints('a') })).to.equal(
      'it has no cluster secret, this node has one (security.clusterSecret)',
    );
    expect(disagreement({ ...TERMS, secrets: fingerprints('a') }, { ...TERMS, secrets: fingerprints('b') })).to.contain(
      'another one',
    );
    expect(disagreement({ ...TERMS, leaseTtlMs: 1, usesTls: true }, TERMS)?.split('; ')).to.have.length(2);
  });

  it('tell neither the secret nor that two clusters have the same', () => {
    const secret = 'a secret of sixteen bytes';
    const [print] = new ClusterSecret(secret).fingerprints('spec');
    expect(print).to.match(/^[0-9a-f]{8}$/);
    expect(new ClusterSecret(secret).fingerprints('other')).to.not.deep.equal([print]);
  });
});

describe('A node that is about to join', () => {
  let clock: number;
  let store: MembershipStore;
  let renewed: NodeId | undefined;

  beforeEach(() => {
    clock = 0;
    renewed = undefined;
    const memory = new MemoryMembershipStore();
    store = {
      shared: true,
      read: () => memory.read(),
      join: (request, version) => memory.join(request, version),
      renew: (node, load) => memory.renew(node, load),
      changeStatus: (node, status, expected) => memory.changeStatus(node, status, expected),
    };
  });

  const time = {
    now: () => clock,
    sleep: async (ms: number) => {
      clock += ms;
      if (renewed !== undefined) await store.renew(renewed, 0);
    },
  } as TimeProvider;
  const logger = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const join = async (name: string, terms: ClusterTerms | undefined, address = `${name}:1`): Promise<NodeId> => {
    const request = { name, address, actorTypes: [], origin, ...(terms === undefined ? {} : { terms }) };
    return (await store.join(request, (await store.read()).version)) as NodeId;
  };
  const look = (terms: ClusterTerms, name = 'new') =>
    new Joining({ cluster: 'spec', store, time, logger, terms }).view({
      name,
      address: 'new:1',
      actorTypes: [],
      origin,
      terms,
    });

  const enter = (terms = TERMS) => {
    const entering = new Joining({ cluster: 'spec', store, time, logger, terms });
    return entering.join(
      { name: 'new', address: 'new:1', actorTypes: [], origin, terms },
      new LocalNode('node', 'spec', 'new'),
    );
  };

  it('tries again at once when others have come first, and after a while when the store says so again and again', async () => {
    let refusals = 10;
    const joining = store.join;
    store.join = async (...args) => (refusals-- > 0 ? undefined : joining(...args));
    expect(await enter()).to.equal(0);
    refusals = 100;
    store.changeStatus = async () => true;
    expect(await enter()).to.be.within(1_000, 3_000);
  });

  it('is told by a code of a store that answers nothing that can be used', async () => {
    const { read } = store;
    for (const wrong of [undefined, {}, { version: 1, members: [null] }]) {
      store.read = async () => wrong as never;
      expect(await codeOf(enter())).to.equal('STORAGE_UNAVAILABLE');
    }
    store.read = read;
    store.join = async () => 'new' as never;
    expect(await codeOf(enter())).to.equal('STORAGE_UNAVAILABLE');
    store.join = () => expect.fail('no such table');
    expect(await codeOf(enter())).to.equal('STORAGE_UNAVAILABLE');
  });

  it('is refused by name when a living member does not agree, and is never seen by the others', async () => {
    renewed = await join('a', { ...TERMS, leaseTtlMs: 10_000 });
    const failure: unknown = await look(TERMS).catch((error: unknown) => error);
    expect(failure).to.have.property('code', 'CLUSTER_MISMATCH');
    expect(String(failure)).to.contain(
      "The node new at new:1 did not join the cluster 'spec', for it would not understand a#1 at a:1 (process 77 on web-1): its lease lasts 10000 ms, that of this node 3000 ms (lease.ttlMs)",
    );
    expect(clock).to.be.at.most(10_000);
    expect((await store.read()).members).to.have.length(1);
  });

  it('is refused at once in a cluster of one process, where nobody dies alone', async () => {
    await join('a', { ...TERMS, usesTls: true });
    store = { ...store, shared: false };
    expect(await look(TERMS).catch((error: unknown) => error)).to.have.property('code', 'CLUSTER_MISMATCH');
    expect(clock).to.equal(0);
  });

  it('waits for the leases of members that were killed with other options, declares them dead, and joins', async () => {
    await join('a', { ...TERMS, leaseTtlMs: 10_000 });
    await join('b', { ...TERMS, leaseTtlMs: 4_000, protocol: 9 });
    const { members } = await look(TERMS);
    expect(members.map(({ status }) => status)).to.deep.equal(['dead', 'dead']);
    expect(clock).to.be.within(10_500, 14_000);
  });

  it('does not mind those who agree, the dead, those whose place it takes, and those of version 0.1, of whom nothing is known', async () => {
    await join('same', TERMS);
    await join('old', undefined);
    const dead = await join('dead', { ...TERMS, protocol: 9 });
    await store.changeStatus(dead, 'dead', { version: (await store.read()).version });
    await join('new', { ...TERMS, protocol: 9 }, 'x:1');
    await join('other', { ...TERMS, protocol: 9 }, 'new:1');
    expect((await look(TERMS)).members).to.have.length(5);
    expect(clock).to.equal(0);
  });
});
