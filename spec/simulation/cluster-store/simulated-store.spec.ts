import { expect } from 'chai';
import type { NodeLife } from '../../../lib/simulation/timeline/node-life';
import { CALM_PROFILE } from '../../../lib/simulation/chaos/profile/chaos-profile';
import { SimulatedWorld } from '../../../lib/simulation/world/simulated-world';
import type { TimelineEvent } from '../../../lib/simulation/timeline/timeline';
import { bothWays } from '../../../lib/simulation/network/partitions/partition-rule';
import { STORE_MACHINE } from '../../../lib/simulation/cluster-store/simulated-store';
import { CALM_STORE, type StoreFaults } from '../../../lib/simulation/cluster-store/store-faults';
import { engineOf, errorOf, sleepIn } from '../engine/engine-fixture';

interface Parts {
  readonly world: SimulatedWorld;
  readonly life: NodeLife;
  readonly events: readonly TimelineEvent[];
  kill(): void;
  sleep(ms: number): Promise<void>;
  now(): number;
}

async function withStore(
  seed: number,
  faults: Partial<StoreFaults>,
  body: (parts: Parts) => Promise<void>,
): Promise<void> {
  const engine = engineOf(seed);
  const world = new SimulatedWorld(engine, { ...CALM_PROFILE, store: { ...CALM_STORE, ...faults } });
  const machine = world.addMachine('node1', '10.0.0.1');
  const life = machine.boot();
  const events: TimelineEvent[] = [];
  engine.timeline.listen((event) => events.push(event));
  world.store.setFaulty(true);
  await engine.run(() =>
    body({
      world,
      life,
      events,
      kill: () => machine.kill('power'),
      sleep: (ms) => sleepIn(engine, ms),
      now: () => engine.now,
    }),
  );
}

describe('The simulated store', () => {
  it('answers in 1 to 5 ms when nothing is wrong', () =>
    withStore(1, {}, async ({ world, life, now }) => {
      const storage = world.store.stateStorage(life);
      for (let request = 0; request < 50; request++) {
        const askedAt = now();
        await storage.claim('n/Account/alice');
        expect(now() - askedAt).to.be.within(1, 5.01);
      }
    }));

  it('takes down what it claims and accepts, with epoch and version', () =>
    withStore(1, {}, async ({ world, life, events }) => {
      const storage = world.store.stateStorage(life);
      await storage.claim('x');
      await storage.commit({ actor: 'x', epoch: 1, version: 0, writeId: 'w', data: Buffer.from('1') });
      await storage.commit({ actor: 'x', epoch: 0, version: 1, writeId: 'v', data: Buffer.from('2') });
      expect(events.map(({ name, fields }) => [name, fields['epoch'], fields['version']])).to.deep.equal([
        ['store-claim', 1, 0],
        ['store-write-accepted', 1, 0],
        ['store-write-fenced', 0, 1],
      ]);
      expect(Buffer.from(world.store.accepted.data.get('x') ?? []).toString()).to.equal('1');
    }));

  it('has a storage of its own for each name that is asked for, with epochs and faults of its own', () =>
    withStore(1, { answerLostProbability: 1 }, async ({ world, life, events }) => {
      const commit = { actor: 'x', epoch: 1, version: 0, writeId: 'w', data: Buffer.from('1') };
      for (const name of ['archive', 'paper']) {
        const failed = await errorOf(world.store.namedStorage(life, name).claim('x'));
        expect(failed).to.match(/STORAGE_UNAVAILABLE/);
      }
      world.store.setFaulty(false);
      await world.store.namedStorage(life, 'archive').commit(commit);
      expect(
        events.filter(({ name }) => name !== 'fault').map(({ name, fields }) => [name, fields['storage']]),
      ).to.deep.equal([
        ['store-claim', 'archive'],
        ['store-claim', 'paper'],
        ['store-write-accepted', 'archive'],
      ]);
      expect(events.filter(({ name }) => name === 'fault').map(({ fields }) => fields['name'])).to.deep.equal([
        'store-answer-lost node1/claim in archive #1',
        'store-answer-lost node1/claim in paper #1',
      ]);
      expect(world.store.acceptedIn('archive').data.has('x')).to.equal(true);
      expect(world.store.acceptedIn('paper').data.has('x')).to.equal(false);
      expect(world.store.acceptedIn(undefined).data.has('x')).to.equal(false);
    }));

  it('does a request that a crash of its sender overtakes, or not, as the seed decides', async () => {
    const epochs = new Set<number>();
    for (let seed = 1; seed <= 20; seed++) {
      await withStore(seed, {}, async ({ world, life, events, kill, sleep }) => {
        let answered = false;
        world.store
          .stateStorage(life)
          .claim('x')
          .then(
            () => (answered = true),
            () => (answered = true),
          );
        kill();
        await sleep(100);
        expect(answered).to.equal(false);
        epochs.add(events.filter(({ name }) => name === 'store-claim').length);
      });
    }
    expect([...epochs].sort()).to.deep.equal([0, 1]);
  });

  it('is slow now and then, and does late what its caller has given up', () =>
    withStore(
      1,
      { slowProbability: 1, slowMinMs: 5_000, slowMaxMs: 5_000, answerTimeoutMs: 2_000 },
      async ({ world, life, events, sleep, now }) => {
        const error = await errorOf(world.store.stateStorage(life).claim('x'));
        expect(error).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'maybe' });
        expect(now()).to.be.within(2_000, 2_001);
        await sleep(5_000);
        expect(events.some(({ name }) => name === 'store-claim')).to.equal(true);
      },
    ));

  it('refuses now and then, having done nothing', () =>
    withStore(1, { unavailableProbability: 1 }, async ({ world, life, events }) => {
      expect(await errorOf(world.store.stateStorage(life).claim('x'))).to.have.property('code', 'STORAGE_UNAVAILABLE');
      expect(events.map(({ name }) => name)).to.deep.equal(['fault']);
    }));

  it('loses an answer now and then, having done what was asked', () =>
    withStore(1, { answerLostProbability: 1, answerTimeoutMs: 2_000 }, async ({ world, life, events }) => {
      expect(await errorOf(world.store.stateStorage(life).claim('x'))).to.have.property('code', 'STORAGE_UNAVAILABLE');
      expect(events.map(({ name }) => name)).to.deep.equal(['fault', 'store-claim']);
    }));

  it('is out of reach behind a partition, and does after the repair what had been asked', () =>
    withStore(1, {}, async ({ world, life, events, sleep }) => {
      const heal = world.partitions.block(bothWays(['node1'], [STORE_MACHINE]));
      const directory = world.store.actorDirectory(life);
      const candidate = {
        actor: 'x',
        activation: 'a1',
        node: { name: 'node1', incarnation: 1 },
        address: '10.0.0.1:5000',
      };
      const error = await errorOf(directory.register(candidate));
      expect(error).to.have.property('code', 'STORAGE_UNAVAILABLE');
      heal();
      await sleep(1_000);
      expect(await directory.lookup('x')).to.deep.equal(candidate);
      expect(events.filter(({ name }) => name === 'fault')).to.deep.equal([]);
    }));

  it('is heard by a process that stood still when that goes on, and by then has done what was asked', () =>
    withStore(1, {}, async ({ world, life, events, sleep }) => {
      let answered = false;
      void world.store
        .stateStorage(life)
        .claim('x')
        .then(() => (answered = true));
      world.engine.pause(life);
      await sleep(1_000);
      expect(events.map(({ name }) => name)).to.deep.equal(['store-claim']);
      expect(answered).to.equal(false);
      world.engine.resume(life);
      await sleep(1);
      expect(answered).to.equal(true);
    }));

  it('outlives every node: what one life wrote the next one reads', () =>
    withStore(1, {}, async ({ world, life, kill, sleep }) => {
      const member = await world.store
        .membershipStore(life)
        .join({ name: 'node1', address: '10.0.0.1:5000', actorTypes: [] }, 0);
      kill();
      await sleep(10);
      const later = world.addMachine('node2', '10.0.0.2').boot();
      const { members } = await world.store.membershipStore(later).read();
      expect(members.map(({ incarnation }) => incarnation)).to.deep.equal([member?.incarnation]);
    }));
});
