import { expect } from 'chai';
import { Actor, ActorContext, Handler, inject, type ActorRuntime } from 'moonpool';
import { ActivationTable } from '../../lib/activation/activation-table';
import { ClusterFixture, eventually, pause } from './cluster-fixture';

@Actor({ name: 'Guest' })
class Guest {
  private visits = 0;
  constructor(@inject(ActorContext) protected readonly context: ActorContext) {}

  @Handler() async visit(): Promise<number> {
    return ++this.visits;
  }

  onDehydrate(): number {
    return this.visits;
  }

  onRehydrate(visits: number): void {
    this.visits = visits;
  }
}

/** Has a timer that keeps it. */
@Actor({ name: 'Guard' })
class Guard {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async stand(): Promise<string> {
    this.context.timer(() => undefined, { everyMs: 60_000, keepsAlive: true });
    return this.context.node.name;
  }
}

@Actor({ name: 'Native', placement: 'local' })
class Native {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
}

const GUESTS = 200;
const loadOf = (runtime: ActorRuntime): number => runtime.service(ActivationTable).size;
const typesOn = (runtime: ActorRuntime): readonly string[] => [
  ...new Set(runtime.service(ActivationTable).all.map(({ target }) => target.type)),
];

describe('Rebalancing', () => {
  let fixture: ClusterFixture;
  beforeEach(() => {
    fixture = new ClusterFixture([Guest, Guard, Native]);
  });
  afterEach(() => fixture.shutdown());

  const node = (name: string, rebalance: boolean): Promise<ActorRuntime> =>
    fixture.node(name, { lease: { ttlMs: 150 }, activation: { rebalance, rebalanceDifference: 10 } });

  async function visitAll(from: ActorRuntime): Promise<readonly number[]> {
    return Promise.all(Array.from({ length: GUESTS }, (_, key) => from.actor(Guest, `g${key}`).visit()));
  }

  it('gives a node that joins its share of those that rest, with what they remember', async () => {
    const first = await node('n1', true);
    await visitAll(first);
    const second = await node('n2', true);
    await eventually(() => loadOf(second) >= GUESTS / 3 && loadOf(first) + loadOf(second) === GUESTS);
    // Some leases later there is no need for more, and nothing goes back.
    await pause(600);
    expect(loadOf(second)).to.be.within(GUESTS / 3, GUESTS / 2);
    const after = loadOf(second);
    await pause(600);
    expect(loadOf(second)).to.equal(after);
    expect(await visitAll(first)).to.deep.equal(Array.from({ length: GUESTS }, () => 2));
  });

  it('leaves actors where they are that are to be kept, or whose placement is the node itself', async () => {
    const first = await node('n1', true);
    for (let key = 0; key < 40; key++) {
      await first.actor(Guard, `g${key}`).stand();
      await first.actor(Native, `n${key}`).where();
    }
    await visitAll(first);
    const second = await node('n2', true);
    await eventually(() => loadOf(second) > GUESTS / 3);
    expect(typesOn(second)).to.deep.equal(['Guest']);
  });

  it('happens only where it is asked for', async () => {
    const first = await node('n1', false);
    await visitAll(first);
    const second = await node('n2', false);
    await pause(600);
    expect(loadOf(second)).to.equal(0);
  });
});
