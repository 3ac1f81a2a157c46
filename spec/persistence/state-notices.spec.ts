import { expect } from 'chai';
import { Actor, ActorContext, Handler, inject, memory, namedStorage, Persist, type ActorState } from 'moonpool';
import { ClusterFixture, eventually } from '../activation/cluster-fixture';
import { HeldStorage } from './held-storage';

class Spots {
  second = 0;
  taken = 0;
}

@Actor({ name: 'Forgetful' })
class Forgetful {
  @Persist(Spots) readonly spots!: ActorState<Spots>;
  @Persist(Spots, 'others') readonly others!: ActorState<Spots>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async take(forgets: boolean): Promise<number> {
    this.spots.value.taken++;
    if (!forgets) await this.spots.persist();
    return this.spots.value.taken;
  }
  @Handler() async replace(): Promise<void> {
    this.spots.value = Object.assign(Object.create(Spots.prototype) as Spots, { taken: 7, second: 8 });
    await this.spots.persist();
  }
  @Handler() async leave(): Promise<void> {
    this.context.deactivateOnIdle();
  }
}

@Actor({ name: 'Whole', persist: 'after-turn' })
class Whole extends Forgetful {}

@Actor({ name: 'Elsewhere' })
class Elsewhere {
  @Persist(Spots, { storage: 'archive' }) readonly spots!: ActorState<Spots>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async take(): Promise<void> {
    this.spots.value.taken++;
    this.context.deactivateOnIdle();
  }
}

describe('A state that was changed and not written', () => {
  let fixture: ClusterFixture;
  beforeEach(() => (fixture = new ClusterFixture([Forgetful, Whole, Elsewhere])));
  afterEach(() => fixture.shutdown());
  const told = () => fixture.said('an actor has ended whose state').map(({ fields }) => fields);
  const start = () => fixture.node('n1', { modules: fixture.with(namedStorage('archive', memory())) });
  const ended = (node: { inspect(): object }, count: number) =>
    eventually(() => JSON.stringify(node.inspect()).includes(`"requested":${count}`));

  it('is told to the log when its activation ends, once for each class', async () => {
    const node = await start();
    for (const key of ['ann', 'bob']) {
      await node.actor(Forgetful, key).take(true);
      await node.actor(Forgetful, key).leave();
    }
    await node.actor(Elsewhere, 'cem').take();
    await ended(node, 3);
    expect(told()).to.deep.equal([
      { actor: 'spec/Forgetful/ann', states: 'spots' },
      { actor: 'spec/Elsewhere/cem', states: 'spots' },
    ]);
  });

  it('is no such thing when it was written, was read only, or belongs to a class that is written after its turns', async () => {
    const node = await start();
    const ann = node.actor(Forgetful, 'ann');
    await ann.take(false);
    await ann.leave();
    // Its fields stand in another order in the store than in a new object.
    await node.actor(Forgetful, 'bob').replace();
    await node.actor(Forgetful, 'bob').leave();
    await node.actor(Forgetful, 'bob').leave();
    await node.actor(Whole, 'cem').take(true);
    await node.actor(Whole, 'cem').leave();
    await ended(node, 4);
    expect(told()).to.deep.equal([]);
  });
});

@Actor({ name: 'Renamed', persist: 'after-turn' })
class Before {
  @Persist(Spots) readonly spots!: ActorState<Spots>;
  @Persist(Spots, 'others') readonly others!: ActorState<Spots>;

  @Handler() async take(): Promise<number> {
    return ++this.spots.value.taken;
  }
}

@Actor({ name: 'Renamed', persist: 'after-turn' })
class After {
  @Persist(Spots) readonly places!: ActorState<Spots>;

  @Handler() async take(): Promise<number> {
    return ++this.places.value.taken;
  }
}

@Actor({ name: 'Renamed', persist: 'after-turn' })
class Named {
  @Persist(Spots, 'spots') readonly places!: ActorState<Spots>;

  @Handler() async take(): Promise<number> {
    return ++this.places.value.taken;
  }
}

describe('A state whose field was renamed', () => {
  it('begins as new, which is told to the log, and goes on under the name that it has in the store', async () => {
    const fixture = new ClusterFixture([]);
    const storage = new HeldStorage();
    const runAs = async (type: typeof Before | typeof After | typeof Named): Promise<number> => {
      const node = await fixture.node('n1', { actors: [type], modules: fixture.with(storage.module) });
      await node.actor(type as typeof Before, 'ann').take();
      const taken = await node.actor(type as typeof Before, 'bob').take();
      await node.shutdown();
      return taken;
    };
    const told = () => fixture.said('the store holds states').map(({ fields }) => fields);
    expect([await runAs(Before), await runAs(Before)]).to.deep.equal([1, 2]);
    expect(told()).to.deep.equal([]);
    expect(await runAs(After)).to.equal(1);
    expect(told()).to.deep.equal([{ actor: 'spec/Renamed/ann', found: 'spots', missing: 'places' }]);
    expect(await runAs(Named)).to.equal(3);
    expect(told()).to.have.length(1);
  });
});
