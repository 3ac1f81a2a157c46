import { expect } from 'chai';
import { Actor, ActorContext, Handler, inject, type ActorReference, StatelessWorker } from 'moonpool';
import { ClusterFixture, codeOf, eventually, failureOf } from '../activation/cluster-fixture';

const told: string[] = [];

@Actor({ name: 'Postbox' })
class Postbox {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async note(text: string): Promise<void> {
    told.push(`${this.context.key}: ${text}`);
  }
  @Handler() async noteWho(text: string): Promise<void> {
    told.push(`${text} by ${String(this.context.requestContext.get('who'))}`);
  }
  @Handler() async greet(other: ActorReference<Postbox>): Promise<void> {
    await other.note('greetings');
  }
  @Handler() async pass(text: string): Promise<void> {
    this.context.requestContext.set('who', 'the turn');
    await this.context.actor(Postbox, 'other').$deliver.noteWho(text);
  }
}

@Actor({ name: 'Kiosk', static: true })
class Kiosk {
  @Handler() async buy(): Promise<void> {}
}

@Actor({ name: 'Clerk' })
@StatelessWorker()
class Clerk {
  @Handler() async stamp(text: string): Promise<void> {
    told.push(`stamped ${text}`);
  }
}

describe('A message that must arrive', () => {
  let cluster: ClusterFixture;
  beforeEach(() => {
    cluster = new ClusterFixture([Postbox, Kiosk, Clerk]);
    told.length = 0;
  });
  afterEach(() => cluster.shutdown());

  it('is sent at once by whoever has given it to the store, and is gone from there when it was executed', async () => {
    const node = await cluster.node('n1', { deliveries: { pollMs: 60_000 } });
    await node.actor(Postbox, 'a').$deliver.note('hello');
    await eventually(() => told.length === 1);
    expect(told).to.deep.equal(['a: hello']);
    await eventually(() => node.inspect()['calls']?.pending === 0);
  });

  it('of a client arrives though the client ends at once', async () => {
    await cluster.node('n1', { deliveries: { pollMs: 20 } });
    const client = await cluster.client({ deliveries: { graceMs: 20 } });
    await client.actor(Postbox, 'a').$deliver.note('farewell');
    await client.shutdown();
    await eventually(() => told.includes('a: farewell'));
  });

  it('is refused for a reference with a key of calls, which would not make one message of two', async () => {
    const node = await cluster.node('n1');
    const keyed = node.actor(Postbox, 'a').$with({ idempotencyKey: 'order-17' });
    const { message } = await failureOf(keyed.$deliver.note('hello'));
    expect(message).to.match(
      /^INVALID_OPTION: A message to .*Postbox\/a .*the idempotency key "order-17".*\$deliver\.\$with\(\{ id \}\)/,
    );
    expect(told).to.deep.equal([]);
  });

  it('is refused by a runtime that has ended, as calls are', async () => {
    for (const runtime of [await cluster.node('n1'), await cluster.client()]) {
      const { $deliver } = runtime.actor(Postbox, 'a');
      await runtime.shutdown();
      expect(await codeOf($deliver.note('too late'))).to.equal('RUNTIME_NOT_READY');
    }
  });

  it('waits for an actor class that no node has yet', async () => {
    const client = await cluster.client({ deliveries: { graceMs: 10 } });
    await client.actor(Postbox, 'a').$deliver.note('early');
    await cluster.node('n1', { actors: [Kiosk], deliveries: { pollMs: 20, retryMinMs: 20, retryMaxMs: 50 } });
    await cluster.node('n2', { deliveries: { pollMs: 20 } });
    await eventually(() => told.includes('a: early'));
  });

  it('does not hold up the end of a node that cannot bring it anywhere', async () => {
    const client = await cluster.client({ deliveries: { graceMs: 10 } });
    await client.actor(Postbox, 'a').$deliver.note('early');
    const node = await cluster.node('n1', { actors: [Kiosk], deliveries: { pollMs: 20, graceMs: 50 } });
    await eventually(() => (node.inspect()['deliveries']?.underWay ?? 0) > 0);
    const began = Date.now();
    await node.shutdown();
    expect(Date.now() - began).to.be.lessThan(5_000);
    expect(told).to.deep.equal([]);
  });

  it('comes later when that is said, and not before', async () => {
    const node = await cluster.node('n1', { deliveries: { pollMs: 20 } });
    const began = Date.now();
    await node.actor(Postbox, 'a').$deliver.$with({ delayMs: 120 }).note('later');
    await node
      .actor(Postbox, 'b')
      .$deliver.$with({ at: new Date(began + 60) })
      .note('sooner');
    await eventually(() => told.length === 2);
    expect(told).to.deep.equal(['b: sooner', 'a: later']);
    expect(Date.now() - began).to.be.at.least(120);
  });

  it('of a name is there once while it waits', async () => {
    const node = await cluster.node('n1', { deliveries: { pollMs: 20 } });
    const later = node.actor(Postbox, 'a').$deliver.$with({ delayMs: 60, id: 'bill-7' });
    await later.note('first');
    await later.note('second');
    await node.actor(Postbox, 'b').$deliver.$with({ delayMs: 60, id: 'bill-7' }).note('of another');
    await eventually(() => told.length === 2);
    expect([...told].sort()).to.deep.equal(['a: first', 'b: of another']);
  });

  it('brings references, and what was said about the request by the turn, the reference and the message', async () => {
    const node = await cluster.node('n1', { deliveries: { pollMs: 20 } });
    await node.actor(Postbox, 'a').$deliver.greet(node.actor(Postbox, 'b'));
    await node.actor(Postbox, 'a').pass('passed on');
    await node
      .actor(Postbox, 'c')
      .$with({ context: { who: 'the reference' } })
      .$deliver.noteWho('1');
    await node
      .actor(Postbox, 'c')
      .$with({ context: { who: 'the reference' } })
      .$deliver.$with({ context: { who: 'the message' } })
      .noteWho('2');
    await eventually(() => told.length === 4);
    expect([...told].sort()).to.deep.equal([
      '1 by the reference',
      '2 by the message',
      'b: greetings',
      'passed on by the turn',
    ]);
  });

  it('reaches stateless workers too, and is refused for actors that live and die with a process', async () => {
    const node = await cluster.node();
    await node.actor(Clerk, 'c').$deliver.stamp('a form');
    await eventually(() => told.includes('stamped a form'));
    expect((await failureOf(node.actor(Kiosk).$deliver.buy())).message).to.contain('lives and dies with its process');
  });

  it('is refused where it is made when its arguments cannot be carried, are too large, or its options cannot be', async () => {
    const node = await cluster.node('n1', { transport: { maxPacketBytes: 8_192 } });
    const { $deliver } = node.actor(Postbox, 'a');
    const error = await failureOf($deliver.note((() => 1) as unknown as string));
    expect(error.message).to.contain('Argument 1 of the delivery note to spec/Postbox/a is a function');
    expect(await codeOf($deliver.note('x'.repeat(10_000)))).to.equal('PACKET_TOO_LARGE');
    expect(() => $deliver.$with({ delayMs: -1 })).to.throw('delayMs');
    expect(() => $deliver.$with({ delayMs: 1, at: new Date(0) })).to.throw('delayMs and at');
    expect(() => $deliver.$with({ id: '' })).to.throw('id');
    expect(() => $deliver.$with({ at: new Date(Number.NaN) })).to.throw('at');
    const { note, $with } = $deliver;
    expect(await codeOf(note('detached'))).to.equal('DETACHED_METHOD');
    expect(() => $with({ delayMs: 1 })).to.throw('DETACHED_METHOD');
  });
});
