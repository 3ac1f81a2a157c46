import { expect } from 'chai';
import { Actor, ActorRuntime, Handler, inject, memory } from 'moonpool';
import { Buggify } from 'moonpool/assertions';
import { EventLog, StateRegistry } from 'moonpool/modules';
import { formatNodeId } from '../../lib/identity/node-id';
import { Transport } from '../../lib/transport/transport';

@Actor({ name: 'Observed' })
class Observed {
  constructor(
    @inject(StateRegistry) registry: StateRegistry,
    @inject(EventLog) private readonly events: EventLog,
    @inject(Buggify) private readonly buggify: Buggify,
  ) {
    registry.publish('observed', () => ({ made: true }));
  }

  @Handler() async work(): Promise<string> {
    this.events.record('observed:worked', { hard: true });
    return `${this.events.enabled} ${this.buggify.strikes('observed-site', { enabled: 1, strikes: 1 })} ${this.buggify.knob('observed-knob', 7, { low: 1, high: 2 })}`;
  }
}

describe('A node that is inspected', () => {
  const modules = [memory()];
  let node: ActorRuntime;
  let client: ActorRuntime;

  before(async () => {
    node = await ActorRuntime.start({
      namespace: 'inspected',
      name: 'n1',
      actors: [Observed],
      modules,
      inProcess: false,
    });
    client = await ActorRuntime.connect({ namespace: 'inspected', actors: [Observed], modules, inProcess: false });
  });

  after(async () => {
    await client.shutdown();
    await node.shutdown();
  });

  it('tells the state of each of its parts, and of those of the application, as JSON', async () => {
    await client.actor(Observed, 'a').work();
    const state = node.inspect();
    expect(Object.keys(state)).to.deep.equal([
      'activations',
      'calls',
      'deliveries',
      'directory',
      'kept',
      'lease',
      'localActors',
      'locations',
      'membership',
      'node',
      'observed',
      'peers',
      'refusals',
      'states',
    ]);
    expect(state['activations']).to.deep.equal({
      count: 1,
      byType: { Observed: 1 },
      waiting: 0,
      longest: [],
      runQueue: 0,
      refused: 0,
      turns: { count: 0, longestMs: 0 },
      deadlocks: 0,
      totals: { activated: 1, turns: 1, overflowed: 0, ended: {}, migrated: {} },
    });
    expect(state['node']).to.deep.include({ role: 'node', state: 'ready', address: node.address });
    expect(state['peers']).to.deep.equal({
      outgoing: {},
      incoming: 1,
      door: { unauthenticated: 0, refused: 0, displaced: 0 },
      forbidden: 0,
      callsInProcess: 0,
      reliable: { delivered: 0, duplicates: 0, sessions: 0 },
    });
    expect(state['observed']).to.deep.equal({ made: true });
    expect(JSON.parse(JSON.stringify(state))).to.deep.equal(state);
  });

  it('tells it with types: an operator needs no cast to read it', () => {
    const { node: self, calls, peers, activations, lease, states } = node.inspect();
    const told: readonly (number | string | boolean | undefined)[] = [
      self.role,
      calls.pending,
      peers.incoming,
      activations?.turns.count,
      lease?.held,
      states?.refused,
    ];
    expect(told).to.deep.equal(['node', 0, 1, 0, true, 0]);
    expect(client.inspect().lease).to.equal(undefined);
  });

  it('tells whom a client is connected to, and has no activations there', async () => {
    await client.actor(Observed, 'a').work();
    const state = client.inspect();
    expect(state['peers']).to.deep.include({ incoming: 0 });
    const peer = client.service(Transport).describe().outgoing[node.address];
    expect(peer).to.deep.include({
      state: 'connected',
      link: 'tcp',
      remote: formatNodeId(node.node),
      queuedBytes: 0,
      attempts: 1,
    });
    expect([peer?.sentBytes, peer?.receivedPackets].every((count) => (count ?? 0) > 0)).to.equal(true);
    expect(state['locations']).to.deep.equal({ known: 1, capacity: 100_000, found: 1, missed: 1 });
    expect(state).not.to.have.any.keys('activations', 'lease');
  });

  it('writes no events and is never disturbed in production', async () => {
    expect(await client.actor(Observed, 'a').work()).to.equal('false false 7');
  });
});
