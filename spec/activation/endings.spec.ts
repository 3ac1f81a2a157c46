import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  Handler,
  inject,
  Persist,
  type ActorRuntime,
  type ActorState,
  type DeactivationCode,
} from 'moonpool';
import { StateStorage } from 'moonpool/modules';
import { ClusterFixture, codeOf, eventually } from './cluster-fixture';

class Notes {
  lines: string[] = [];
}

@Actor({ name: 'Lodger' })
class Lodger {
  @Persist(Notes) private readonly notes!: ActorState<Notes>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  onActivate(): void {
    if (this.context.key === 'refused') throw new Error('there is no room');
  }
  onDeactivate({ code }: { readonly code: DeactivationCode }): void {
    told.push(code);
  }
  @Handler() async note(line: string): Promise<number> {
    this.notes.value.lines.push(line);
    await this.notes.persist();
    return this.notes.value.lines.length;
  }
  @Handler() async leave(): Promise<void> {
    this.context.deactivateOnIdle();
  }
}

/** What hooks were told. */
const told: string[] = [];

describe('Why activations end', () => {
  let cluster: ClusterFixture;
  beforeEach(() => {
    told.length = 0;
    cluster = new ClusterFixture([Lodger]);
  });
  afterEach(() => cluster.shutdown());

  const endedOf = (node: ActorRuntime): Readonly<Record<string, number>> =>
    (node.inspect()['activations'] as { readonly totals: { readonly ended: Readonly<Record<string, number>> } }).totals
      .ended;

  it('is told to hooks where there is time for them: idle, requested, shutting down', async () => {
    const node = await cluster.node('n1', { activation: { idleTimeoutMs: 20, collectionIntervalMs: 5 } });
    await node.actor(Lodger, 'a').leave();
    await eventually(() => endedOf(node)['requested'] === 1);
    await node.actor(Lodger, 'b').note('here');
    await eventually(() => endedOf(node)['idle'] === 1);
    await node.actor(Lodger, 'c').note('here');
    await node.shutdown();
    expect(told).to.deep.equal(['requested', 'idle', 'shutting-down']);
  });

  it('is a failure where it could not become active', async () => {
    const node = await cluster.node();
    expect(await codeOf(node.actor(Lodger, 'refused').note('here'))).to.equal('ACTIVATION_FAILED');
    expect(endedOf(node)).to.deep.equal({ 'activation-failed': 1 });
    expect(told).to.deep.equal([]);
  });

  it('is the fence where a newer activation has claimed the state: without a hook, and the next call begins again', async () => {
    const node = await cluster.node();
    const lodger = node.actor(Lodger, 'a');
    await lodger.note('one');
    await node.service(StateStorage).claim('spec/Lodger/a');
    expect(await codeOf(lodger.note('lost'))).to.equal('STATE_FENCED');
    expect(endedOf(node)).to.deep.equal({ fenced: 1 });
    expect(await lodger.note('two')).to.equal(2);
    expect(told).to.deep.equal([]);
    expect(node.inspect()['states']).to.include({ claimed: 2, written: 2, refused: 1 });
  });

  it('is that it is a duplicate where it lost the race for the registration: it has run nothing', async () => {
    const nodes = [await cluster.node('n1'), await cluster.node('n2')];
    const clients = [await cluster.client(), await cluster.client()];
    const duplicates = (): number => nodes.reduce((sum, node) => sum + (endedOf(node)['duplicate'] ?? 0), 0);
    // Each client places an actor that nobody knows where it thinks best; the load of the nodes is the same, so chance decides.
    for (let n = 0; duplicates() === 0; n++) {
      expect(n, 'attempts').to.be.lessThan(500);
      const counts = await Promise.all(clients.map((client) => client.actor(Lodger, `k${n}`).note('here')));
      expect(counts.sort()).to.deep.equal([1, 2]);
    }
  });
});
