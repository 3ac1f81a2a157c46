import { expect } from 'chai';
import { Actor, ActorContext, Handler, inject, type ContainerModule, type StartOptions } from 'moonpool';
import { Placements, type PlacementCandidate, type PlacementStrategy } from 'moonpool/modules';
import { ClusterFixture, codeOf, eventually, failureOf } from '../activation/cluster-fixture';

abstract class Placed {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
}

@Actor({ name: 'Room', placement: 'zone-of-key' })
class Room extends Placed {}

@Actor({ name: 'Desk', placement: 'local' })
class Desk extends Placed {}

@Actor({ name: 'Chair' })
class Chair extends Placed {}

@Actor({ name: 'Lamp', placement: 'zone-of-kee' })
class Lamp extends Placed {}

@Actor({ name: 'Wall', static: true, placement: 'local' })
class Wall extends Placed {}

/** `eu/alice` goes to a node of the zone `eu`. */
const zoneOfKey: PlacementStrategy = {
  choose: (actor, candidates) => candidates.find(({ labels }) => labels['zone'] === actor.key?.split('/')[0]),
};
const contributing = (strategy: PlacementStrategy, name = 'zone-of-key'): ContainerModule => ({
  name: 'zones',
  load: (_bind, contribute) => contribute(Placements, { name, strategy }),
});

describe('A placement that an actor class asks for', () => {
  let fixture: ClusterFixture;
  const node = (name: string, zone: string, strategy: PlacementStrategy = zoneOfKey) =>
    fixture.node(name, { labels: { zone }, modules: fixture.with(contributing(strategy)) });

  beforeEach(() => {
    fixture = new ClusterFixture([Room, Desk, Chair]);
  });
  afterEach(() => fixture.shutdown());

  it('chooses among three nodes by the key of the actor and by their labels, wherever the call comes from', async () => {
    const nodes = [await node('n1', 'eu'), await node('n2', 'us'), await node('n3', 'asia')];
    const client = await fixture.client({ modules: fixture.with(contributing(zoneOfKey)) });
    await eventually(() => nodes[0]?.inspect().membership.members.length === 3);
    for (const caller of [...nodes, client]) {
      const name = caller.node.name;
      expect(await caller.actor(Room, `us/${name}`).where()).to.equal('n2');
      expect(await caller.actor(Room, `asia/${name}`).where()).to.equal('n3');
    }
  });

  it('is chosen class by class: those that name none go to the better of two', async () => {
    const [one, two] = [await node('n1', 'eu'), await node('n2', 'us')];
    await eventually(() => one.inspect().membership.members.length === 2);
    const homes = new Set<string>();
    for (let key = 0; key < 40; key++) {
      expect(await two.actor(Desk, `${key}`).where()).to.equal('n2');
      homes.add(await one.actor(Chair, `${key}`).where());
    }
    expect(homes).to.deep.equal(new Set(['n1', 'n2']));
  });

  it('sees type and key of the actor, and of each candidate labels, load and age', async () => {
    const seen: (readonly [string, PlacementCandidate])[] = [];
    const watching: PlacementStrategy = {
      choose: (actor, candidates) => {
        for (const candidate of candidates) seen.push([`${actor.type} ${actor.key}`, candidate]);
        return candidates[0];
      },
    };
    const options: Partial<StartOptions> = { lease: { ttlMs: 60 }, modules: fixture.with(contributing(watching)) };
    const one = await fixture.node('n1', { ...options, labels: { zone: 'eu', rack: '7' } });
    await eventually(async () => {
      await one.actor(Room, `${seen.length}`).where();
      return (seen.at(-1)?.[1].load ?? 0) > 0 && (seen.at(-1)?.[1].ageMs ?? 0) >= 40;
    });
    const [actor, candidate] = seen[0] ?? [];
    expect([actor, candidate?.name, candidate?.labels]).to.deep.equal(['Room 0', 'n1', { zone: 'eu', rack: '7' }]);
    expect(candidate?.ageMs).to.be.below(seen.at(-1)?.[1].ageMs ?? 0);
  });

  it('may find none that will do: the caller learns which nodes there are, and what they are', async () => {
    const one = await node('n1', 'eu');
    const error = await failureOf(one.actor(Room, 'mars/1').where());
    expect(error).to.include({ code: 'NO_NODE_AVAILABLE', executed: 'no' });
    expect(error.message).to.contain("The placement 'zone-of-key' found none that will do for spec/Room/mars/1");
    expect(error.message).to.contain('n1 (zone=eu, load ');
  });

  it('may fail: the caller learns that its call was not made, and by whose fault', async () => {
    const failing: PlacementStrategy = {
      choose: () => {
        throw new TypeError('no such zone');
      },
    };
    const one = await node('n1', 'eu', failing);
    const client = await fixture.client({ modules: fixture.with(contributing(failing)) });
    for (const caller of [one, client]) {
      const error = await failureOf(caller.actor(Room, 'eu/1').where());
      expect(error).to.include({ code: 'NO_NODE_AVAILABLE', executed: 'no' });
      expect(error.message).to.contain("The placement 'zone-of-key' failed for spec/Room/eu/1: no such zone");
      expect(error.cause).to.be.instanceOf(TypeError);
    }
  });

  it('cannot choose what is no candidate', async () => {
    const one = await node('n1', 'eu', { choose: (_actor, [first]) => ({ ...first }) as PlacementCandidate });
    const error = await failureOf(one.actor(Room, 'eu/1').where());
    expect(error.message).to.contain("The placement 'zone-of-key' chose what is no candidate for spec/Room/eu/1");
  });

  it('is refused when the node starts, by the name of the class, if nobody contributes it', async () => {
    const lamps = new ClusterFixture([Lamp, Room]);
    const error = await failureOf(lamps.node('n1', { modules: fixture.with(contributing(zoneOfKey)) }));
    expect(error).to.have.property('code', 'MISSING_BINDING');
    expect(error.message).to.contain(
      "The actor class Lamp asks for the placement 'zone-of-kee', which no module contributes; did you mean 'zone-of-key'?",
    );
    const twice = fixture.with(contributing(zoneOfKey), contributing(zoneOfKey));
    expect(await codeOf(fixture.node('n1', { modules: twice }))).to.equal('INVALID_MODULE');
    const wrong = contributing(undefined as unknown as PlacementStrategy);
    expect(await codeOf(fixture.node('n1', { modules: fixture.with(wrong) }))).to.equal('INVALID_MODULE');
  });

  it('is refused for a static class, whose actors are nowhere else', async () => {
    const error = await failureOf(new ClusterFixture([Wall]).node());
    expect(error).to.have.property('code', 'INVALID_ACTOR_CLASSES');
    expect(error.message).to.contain('Wall is static and names a placement');
  });

  it('is told labels that were checked at the start', async () => {
    for (const labels of [{ zone: 7 }, { 'a zone': 'eu' }, 'eu', { zone: 'a\nb' }, { zone: 'x'.repeat(256) }, []]) {
      const error = await failureOf(fixture.node('n1', { labels: labels as unknown as Record<string, string> }));
      expect(error, JSON.stringify(labels)).to.have.property('code', 'INVALID_OPTION');
      expect(error.message).to.contain('labels');
    }
    const many = Object.fromEntries(Array.from({ length: 33 }, (_, index) => [`l${index}`, 'x']));
    expect(await codeOf(fixture.node('n1', { labels: many }))).to.equal('INVALID_OPTION');
  });
});
