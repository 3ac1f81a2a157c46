import { expect } from 'chai';
import { Actor, ActorContext, Handler, inject, memory, namedStorage, Persist, type ActorState } from 'moonpool';
import { ClusterFixture, eventually } from '../activation/cluster-fixture';

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
