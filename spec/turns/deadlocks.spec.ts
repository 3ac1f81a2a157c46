import { expect } from 'chai';
import { Actor, ActorContext, Handler, inject, isMoonpoolError, StatelessWorker, type ActorRuntime } from 'moonpool';
import { ClusterFixture, eventually, failureOf, Gates, pause } from '../activation/cluster-fixture';

let gates = new Gates();

/** What to do in one step after the other: wait for a gate, or call the next with the rest. */
interface Errand {
  /** The gate that is waited for first. */
  readonly gate?: string;
  /** Who is called then; nobody when there is none. */
  readonly to?: string;
}

@Actor({ name: 'Neighbour' })
class Neighbour {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async run({ gate, to }: Errand): Promise<string> {
    if (gate !== undefined) await gates.wait(gate);
    return to === undefined ? `${this.context.key} is free` : this.context.actor(Neighbour, to).run({});
  }
  @Handler({ readOnly: true }) async read({ gate, to }: Errand): Promise<string> {
    if (gate !== undefined) await gates.wait(gate);
    return to === undefined ? `${this.context.key} is read` : this.context.actor(Neighbour, to).run({});
  }
}

@StatelessWorker({ maxPerNode: 1 })
@Actor({ name: 'OneWorker' })
class OneWorker {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async run({ gate, to }: Errand): Promise<string> {
    if (gate !== undefined) await gates.wait(gate);
    return to === undefined ? 'a worker is free' : this.context.actor(OneWorker, to).run({});
  }
}

/** Calls another of its kind before it is active, and before it has ended. */
@Actor({ name: 'Eager' })
class Eager {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  async onActivate(): Promise<void> {
    const [other] = this.context.key.split(' asks ').reverse();
    if (other !== this.context.key && other !== undefined)
      await this.context.actor(Eager, other === 'the other' ? otherOf(this.context.key) : other).back(this.context.key);
  }
  @Handler() async back(to: string): Promise<string> {
    return this.context.actor(Eager, to).hello();
  }
  @Handler() async hello(): Promise<string> {
    return 'hello';
  }
}

const otherOf = (key: string): string => (key.startsWith('1') ? '2 asks the other' : '1 asks the other');

function firstCause(error: Error): Error {
  return error.cause instanceof Error ? firstCause(error.cause) : error;
}

/** Lets the calls begin, then go on to each other; what became of them. */
async function crossing(
  calls: Readonly<Record<string, Promise<string>>>,
): Promise<readonly PromiseSettledResult<string>[]> {
  const names = Object.keys(calls);
  for (const name of names) await gates.reached(name);
  const began = performance.now();
  for (const name of names) await gates.open(name);
  const ends = await Promise.allSettled(Object.values(calls));
  expect(performance.now() - began).to.be.lessThan(3_000);
  return ends;
}

function refusals(ends: readonly PromiseSettledResult<unknown>[]): readonly Error[] {
  return ends
    .filter((end) => end.status === 'rejected')
    .map(({ reason }: PromiseRejectedResult) => firstCause(reason as Error));
}

describe('Calls that wait for each other in a circle', () => {
  let cluster: ClusterFixture;
  beforeEach(() => {
    gates = new Gates();
    cluster = new ClusterFixture([Neighbour, OneWorker, Eager]);
  });
  afterEach(async () => {
    gates.openAll();
    await cluster.shutdown();
  });

  it('though each was made for another caller: one is refused, naming the circle, and the others go on', async () => {
    const node = await cluster.node();
    const [a, b] = [node.actor(Neighbour, 'a'), node.actor(Neighbour, 'b')];
    const ends = await crossing({ 1: a.run({ gate: '1', to: 'b' }), 2: b.run({ gate: '2', to: 'a' }) });
    const [refused, ...others] = refusals(ends);
    expect(others).to.deep.equal([]);
    expect(refused).to.include({ code: 'CALL_DEADLOCK', executed: 'no' });
    expect(refused?.message)
      .to.contain('Let this turn fail and its caller try again')
      .and.to.match(
        /spec\/Neighbour\/(a -> spec\/Neighbour\/b -> spec\/Neighbour\/a|b -> spec\/Neighbour\/a -> spec\/Neighbour\/b)/,
      );
    expect(ends.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect(node.inspect()['activations']).to.deep.include({ deadlocks: 1, waiting: 0 });
  });

  it('of three actors, behind others that wait as well', async () => {
    const node = await cluster.node();
    const key = ['a', 'b', 'c'];
    const calls = key.map((name, at) => node.actor(Neighbour, name).run({ gate: name, to: key[(at + 1) % 3] ?? '' }));
    for (const name of key) await gates.reached(name);
    const bystanders = key.flatMap((name) => [
      node.actor(Neighbour, name).run({}),
      node.actor(Neighbour, name).read({}),
    ]);
    const ends = await crossing(Object.fromEntries(key.map((name, at) => [name, calls[at] as Promise<string>])));
    expect(refusals(ends)).to.have.length(1);
    expect(await Promise.all(bystanders)).to.deep.equal(key.flatMap((name) => [`${name} is free`, `${name} is read`]));
  });

  for (const [route, inProcess] of [
    ['over connections', false],
    ['within one process', true],
  ] as const) {
    it(`on two nodes, ${route}: the refusal comes home`, async () => {
      const nodes = [await cluster.node('n1', { inProcess }), await cluster.node('n2', { inProcess })] as const;
      const [a, b] = await apart(nodes);
      const ends = await crossing({
        1: nodes[0].actor(Neighbour, a).run({ gate: '1', to: b }),
        2: nodes[1].actor(Neighbour, b).run({ gate: '2', to: a }),
      });
      expect(refusals(ends).map((error) => isMoonpoolError(error) && error.code)).to.deep.equal(['CALL_DEADLOCK']);
    });
  }

  it('behind turns that only read, of which one waits', async () => {
    const node = await cluster.node();
    const [a, b] = [node.actor(Neighbour, 'a'), node.actor(Neighbour, 'b')];
    const ends = await crossing({
      1: a.read({ gate: '1', to: 'b' }),
      2: b.read({ gate: '2', to: 'a' }),
      3: a.read({ gate: '3' }),
    });
    expect(refusals(ends)).to.have.length(1);
  });

  it('of workers, when there may be no more of them', async () => {
    const node = await cluster.node();
    const ends = await crossing({
      1: node.actor(OneWorker, 'a').run({ gate: '1', to: 'b' }),
      2: node.actor(OneWorker, 'b').run({ gate: '2', to: 'a' }),
    });
    expect(refusals(ends)).to.have.length(1);
  });

  it('from hooks that call each other, are refused as well', async () => {
    const node = await cluster.node();
    const ends = await Promise.allSettled(
      ['1', '2'].map((name) => node.actor(Eager, `${name} asks the other`).hello()),
    );
    expect(refusals(ends).map((error) => isMoonpoolError(error) && error.code)).to.include('CALL_DEADLOCK');
  });

  it('by a hook whose callee calls back are refused at once: the hook is in their chain', async () => {
    const node = await cluster.node();
    const began = performance.now();
    const error = await failureOf(node.actor(Eager, 'x asks y').hello());
    expect(error).to.include({ code: 'ACTIVATION_FAILED' });
    expect(firstCause(error).message).to.contain('spec/Eager/x asks y -> spec/Eager/y -> spec/Eager/x asks y');
    expect(performance.now() - began).to.be.lessThan(400);
  });
});

describe('Calls that wait long, and in no circle', () => {
  let cluster: ClusterFixture;
  let node: ActorRuntime;
  beforeEach(async () => {
    gates = new Gates();
    cluster = new ClusterFixture([Neighbour]);
    node = await cluster.node('n1', { activation: { deadlockAfterMs: 10 } });
  });
  afterEach(async () => {
    gates.openAll();
    await cluster.shutdown();
  });

  it('are left alone, however many wait for the same actor', async () => {
    const calls = [node.actor(Neighbour, 'slow').run({ gate: 'slow' })];
    await gates.reached('slow');
    for (let n = 0; n < 30; n++)
      calls.push(node.actor(Neighbour, `k${n % 7}`).run({ to: n % 3 === 0 ? 'slow' : `k${7 + (n % 5)}` }));
    for (let n = 0; n < 5; n++) calls.push(node.actor(Neighbour, `k${7 + n}`).run({ to: 'slow' }));
    await pause(150);
    await gates.open('slow');
    await Promise.all(calls);
    expect(node.inspect()['activations']).to.deep.include({ deadlocks: 0 });
  });
});

/** Keys of two actors that live on different nodes. */
async function apart(nodes: readonly [ActorRuntime, ActorRuntime]): Promise<readonly [string, string]> {
  const counts = () => nodes.map((node) => (node.inspect()['activations'] as { readonly count: number }).count);
  const homes: string[] = [];
  for (let n = 0; homes[0] === undefined || homes[1] === undefined; n++) {
    const before = counts();
    await nodes[0].actor(Neighbour, `key ${n}`).run({});
    await eventually(() => counts().some((count, at) => count > (before[at] ?? 0)));
    homes[counts().findIndex((count, at) => count > (before[at] ?? 0))] = `key ${n}`;
  }
  return [homes[0], homes[1]];
}
