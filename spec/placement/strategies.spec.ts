import { expect } from 'chai';
import { Actor, ActorContext, ActorId, Handler, inject } from 'moonpool';
import {
  HashPlacement,
  labelledPlacement,
  LabelledPlacement,
  LeastLoadedPlacement,
  type PlacementCandidate,
} from 'moonpool/modules';
import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import { ClusterFixture, eventually, failureOf } from '../activation/cluster-fixture';

const actor = ActorId.parse('n/A/a');
const candidate = (name: string, load: number, labels: Readonly<Record<string, string>> = {}): PlacementCandidate => ({
  ...{ name, load, labels, incarnation: 1, address: `${name}:1`, ageMs: 0 },
});
const first = { choose: (_: ActorId, candidates: readonly PlacementCandidate[]) => candidates[0] };

describe('The least loaded', () => {
  it('is chosen, whatever its place among the candidates, and by chance among those that have as few', () => {
    const placement = new LeastLoadedPlacement(new Xoshiro128(1));
    const candidates = [candidate('a', 3), candidate('b', 1), candidate('c', 2), candidate('d', 1)];
    const chosen = Array.from({ length: 50 }, () => placement.choose(actor, candidates)?.name);
    expect([...new Set(chosen)].sort()).to.deep.equal(['b', 'd']);
  });
});

describe('The placement by hash', () => {
  const placement = new HashPlacement();
  const nodes = (count: number): readonly PlacementCandidate[] =>
    Array.from({ length: count }, (_, index) => candidate(`node${index + 1}`, 0));
  const paths = Array.from({ length: 10_000 }, (_, index) => ActorId.parse(`n/A/key${index}`));
  const places = (candidates: readonly PlacementCandidate[]): readonly (string | undefined)[] =>
    paths.map((path) => placement.choose(path, candidates)?.name);

  it('is the same for all who ask, in whatever order they see the nodes, and over restarts and loads', () => {
    const later = nodes(5).map((node) => ({ ...node, incarnation: 9, load: 1_000, ageMs: 5 }));
    expect(places(later.reverse())).to.deep.equal(places(nodes(5)));
  });

  it('gives each node as much as any other, within a tenth', () => {
    const counts = new Map<string | undefined, number>();
    for (const place of places(nodes(5))) counts.set(place, (counts.get(place) ?? 0) + 1);
    expect([...counts.values()].every((count) => Math.abs(count - 2_000) < 200)).to.equal(true);
  });

  it('moves the share of a node that comes to it, and nothing else', () => {
    const [before, after] = [places(nodes(4)), places(nodes(5))];
    const moved = after.filter((place, index) => place !== before[index]);
    expect(new Set(moved)).to.deep.equal(new Set(['node5']));
    expect(moved.length).to.be.within(1_800, 2_200);
  });
});

describe('A placement by labels', () => {
  const candidates = [
    candidate('a', 0, { zone: 'eu' }),
    candidate('b', 0, { zone: 'eu', gpu: 'a100' }),
    candidate('c', 0, { zone: 'us', gpu: 'h100' }),
    candidate('d', 0, { zone: 'us', gpu: 'none' }),
  ];
  const chosen = (wishes: ConstructorParameters<typeof LabelledPlacement>[0]): string | undefined =>
    new LabelledPlacement(wishes, first).choose(actor, candidates, undefined)?.name;

  it('chooses nobody who lacks what is required', () => {
    expect(chosen({ required: { gpu: ['a100', 'h100'] } })).to.equal('b');
    expect(chosen({ required: { gpu: ['a100', 'h100'], zone: 'us' } })).to.equal('c');
    expect(chosen({ required: { disk: 'fast' } })).to.equal(undefined);
  });

  it('chooses those that have most of what is preferred, and any when none has', () => {
    expect(chosen({ preferred: { zone: 'us', gpu: 'none' } })).to.equal('d');
    expect(chosen({ preferred: { zone: 'us' } })).to.equal('c');
    expect(chosen({ preferred: { disk: 'fast' } })).to.equal('a');
    expect(chosen({ required: { zone: 'eu' }, preferred: { gpu: 'a100' } })).to.equal('b');
  });

  it('takes no name of every object for a label', () => {
    expect(chosen({ required: { constructor: 'Object' } })).to.equal(undefined);
  });

  it('is refused when it wants what cannot be', () => {
    const refusal = (options: object): string => {
      try {
        labelledPlacement(options as never);
        return 'taken';
      } catch (error) {
        return String(error);
      }
    };
    expect(refusal({ required: {} })).to.match(/INVALID_OPTION.*name/);
    expect(refusal({ name: 'p', requires: {} })).to.match(/did you mean 'required'\?/);
    expect(refusal({ name: 'p', required: { zone: [] } })).to.match(
      /required\.zone of labelledPlacement must be a text, or a list of at least one/,
    );
    expect(refusal({ name: 'p', preferred: { zone: 7 } })).to.match(/preferred\.zone/);
    expect(refusal({ name: 'p', required: { 'a b': 'x' } })).to.match(/the name of a label in required/);
    expect(refusal({ name: 'p', required: { zone: ['a', 'b'] }, preferred: { gpu: 'yes' } })).to.equal('taken');
  });
});

@Actor({ name: 'Painter', placement: 'on-gpu' })
class Painter {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
}

@Actor({ name: 'Guest', placement: 'least-loaded' })
class Guest {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
}

@Actor({ name: 'Shelf', placement: 'hash' })
class Shelf {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
}

describe('Classes that ask for them', () => {
  let fixture: ClusterFixture;
  const start = (name: string, labels: Readonly<Record<string, string>>, gpu = 'yes') =>
    fixture.node(name, { labels, modules: fixture.with(labelledPlacement({ name: 'on-gpu', required: { gpu } })) });

  beforeEach(() => {
    fixture = new ClusterFixture([Painter, Guest, Shelf]);
  });
  afterEach(() => fixture.shutdown());

  it('go to nodes with their labels, and are told what all of them have when none will do', async () => {
    const one = await start('n1', { zone: 'eu' });
    await start('n2', { gpu: 'yes' });
    await eventually(() => one.inspect().membership.members.length === 2);
    for (let key = 0; key < 10; key++) expect(await one.actor(Painter, `p${key}`).where()).to.equal('n2');
    const other = new ClusterFixture([Painter]);
    try {
      const modules = other.with(labelledPlacement({ name: 'on-gpu', required: { gpu: 'no' } }));
      const lone = await other.node('n3', { labels: { gpu: 'yes' }, modules, namespace: 'other' });
      const failure = await failureOf(lone.actor(Painter, 'q').where());
      expect(failure).to.include({ code: 'NO_NODE_AVAILABLE', executed: 'no' });
      expect(String(failure)).to.contain("The placement 'on-gpu' found none that will do").and.to.contain('gpu=yes');
    } finally {
      await other.shutdown();
    }
  });

  it('are where the hash says, whoever calls first', async () => {
    const [one, two] = [await start('n1', {}), await start('n2', {})];
    await eventually(() => one.inspect().membership.members.length === 2);
    const candidates = [candidate('n1', 0), candidate('n2', 0)];
    for (let key = 0; key < 20; key++) {
      const caller = key % 2 === 0 ? one : two;
      const wanted = new HashPlacement().choose(caller.actor(Shelf, `s${key}`).$id, candidates)?.name;
      expect(await caller.actor(Shelf, `s${key}`).where()).to.equal(wanted);
    }
  });

  it('are as even as can be where one process places them all', async () => {
    const one = await start('n1', {});
    await start('n2', {});
    await start('n3', {});
    await eventually(() => one.inspect().membership.members.length === 3);
    const counts = new Map<string, number>();
    for (let key = 0; key < 30; key++) {
      const where = await one.actor(Guest, `g${key}`).where();
      counts.set(where, (counts.get(where) ?? 0) + 1);
    }
    expect([...counts.values()]).to.deep.equal([10, 10, 10]);
  });
});
