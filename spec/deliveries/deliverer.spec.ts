import { expect } from 'chai';
import { Actor, ActorState, Handler, Persist } from 'moonpool';
import { StateStorage } from 'moonpool/modules';
import { encodeDelivery } from '../../lib/deliveries/delivery-record';
import { slotOf } from '../../lib/deliveries/ring';
import { Metrics } from '../../lib/observability/metrics';
import type { NewDelivery } from '../../lib/storage/stored-delivery';
import { ClusterFixture, eventually, Gates, pause } from '../activation/cluster-fixture';

const executed: string[] = [];
let gates = new Gates();

class Nothing {}

@Actor({ name: 'Desk', persist: 'after-turn' })
class Desk {
  @Persist(Nothing) protected readonly nothing!: ActorState<Nothing>;

  @Handler() async work(name: string): Promise<void> {
    executed.push(name);
    if (name.startsWith('slow')) await gates.wait(name);
  }
}

const deliveryTo = (key: string, name: string, more: Partial<NewDelivery> = {}): NewDelivery => {
  const target = `spec/Desk/${key}`;
  const data = encodeDelivery(name, {
    target,
    method: 'work',
    args: Buffer.from(JSON.stringify([name])),
    values: undefined,
    key: name,
    executions: 0,
    attempts: 0,
    refusals: 0,
    dueAt: undefined,
    failure: undefined,
    reminder: undefined,
  });
  return { id: name, target, slot: slotOf(target), due: { inMs: 0 }, data, ...more };
};

describe('The deliverer of a node', () => {
  let cluster: ClusterFixture;
  const quick = { deliveries: { pollMs: 15 } };
  beforeEach(() => {
    cluster = new ClusterFixture([Desk]);
    executed.length = 0;
    gates = new Gates();
  });
  afterEach(async () => {
    gates.openAll();
    await cluster.shutdown();
  });

  it('delivers what is due in its part of the ring, and all nodes together deliver everything, once', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `d${index}`);
    const nodes = [await cluster.node('n1', quick), await cluster.node('n2', quick), await cluster.node('n3', quick)];
    await eventually(() => nodes.every((node) => node.inspect().membership.members.length === 3));
    await nodes[0]?.service(StateStorage).deliver(names.map((name) => deliveryTo(name, name)));
    await eventually(() => executed.length === 60);
    expect([...executed].sort()).to.deep.equal([...names].sort());
    await eventually(
      async () => (await nodes[0]?.service(StateStorage).deliveries({ limit: 1 }))?.deliveries.length === 0,
    );
    const counts = nodes.map((node) => countOf(node.service(Metrics), 'moonpool.deliveries.delivered'));
    expect(counts.reduce((sum, count) => sum + count)).to.equal(60);
    for (const count of counts) expect(count).to.be.above(5);
  });

  it('has so many under way as its options say, and begins the next when one has ended', async () => {
    const node = await cluster.node('n1', { deliveries: { pollMs: 60_000, maxUnderWay: 2 } });
    await pause(20);
    await node.shutdown();
    const second = await cluster.node('n2', { deliveries: { pollMs: 20, maxUnderWay: 2 } });
    const storage = second.service(StateStorage);
    await storage.deliver(['slow1', 'slow2', 'slow3', 'slow4'].map((name, index) => deliveryTo(`k${index}`, name)));
    await eventually(() => executed.length === 2);
    await pause(60);
    expect(executed).to.have.length(2);
    await gates.open(executed[0] ?? '');
    await eventually(() => executed.length === 3);
    expect(new Set(executed).size).to.equal(3);
  });

  it('brings to others what is due for them while an actor hangs, however much there is for that one', async () => {
    const node = await cluster.node('n1', { deliveries: { pollMs: 20, maxUnderWay: 8 } });
    const storage = node.service(StateStorage);
    const ofThePast = { due: { at: Date.now() - 60_000 } };
    await storage.deliver(
      Array.from({ length: 300 }, (_, index) => deliveryTo(`hangs${index % 3}`, `slow${index}`, ofThePast)),
    );
    await eventually(() => executed.length === 3);
    await storage.deliver([deliveryTo('lives', 'quick1'), deliveryTo('lives', 'quick2')]);
    // The others hang until the gates are opened below.
    await eventually(() => executed.includes('quick1') && executed.includes('quick2'));
    // And what waits for the others is told by the metric.
    expect(countOf(node.service(Metrics), 'moonpool.deliveries.lag')).to.be.above(59);
    gates.openAll();
    await eventually(() => executed.length === 302);
    expect(new Set(executed).size).to.equal(302);
  });

  it('leaves what it cannot read, and what is of another application, as it is, and is not kept from the rest by it', async () => {
    const node = await cluster.node('n1', { deliveries: { pollMs: 15, maxUnderWay: 2 } });
    const storage = node.service(StateStorage);
    const data = Buffer.from('spoiled');
    await storage.deliver([
      ...Array.from({ length: 200 }, (_, index) => deliveryTo('x', `a${index}`, { data, due: { at: 0 } })),
      ...Array.from({ length: 200 }, (_, index) =>
        deliveryTo('x', `b${index}`, { target: 'other/Desk/x', due: { at: 0 } }),
      ),
      deliveryTo('y', 'good'),
    ]);
    await eventually(() => executed.includes('good'));
    expect((await storage.deliveries({ limit: 1_000 })).deliveries.length).to.be.within(400, 401);
    expect(cluster.said('a delivery that cannot be read was left as it is').length).to.be.above(0);
  });

  it('goes on as soon as there are places, whatever else there is on the page that it cannot deliver', async () => {
    const patient = { deliveries: { pollMs: 60_000, maxUnderWay: 4 } };
    const node = await cluster.node('n1', patient);
    const storage = node.service(StateStorage);
    await node.shutdown();
    const data = Buffer.from('spoiled');
    const of = (count: number, name: string, more: object) =>
      Array.from({ length: count }, (_, index) => deliveryTo(`${name}${index}`, `${name}${index}`, more));
    await storage.deliver([
      ...of(300, 'spoiled', { data, due: { at: 0 } }),
      ...of(20, 'foreign', { target: 'other/Desk/x', due: { at: 1 } }),
      ...of(40, 'good', { due: { at: 2 } }),
    ]);
    await cluster.node('n2', patient);
    await eventually(() => executed.length === 40);
  });

  it('takes over what a node has left that ended in the midst of it, and it is executed once', async () => {
    const node = await cluster.node('n1', quick);
    await node.service(StateStorage).deliver([deliveryTo('k', 'slow')]);
    await gates.reached('slow');
    const ending = node.shutdown();
    await gates.open('slow');
    await ending;
    const next = await cluster.node('n2', quick);
    await eventually(async () => (await next.service(StateStorage).deliveries({ limit: 1 })).deliveries.length === 0);
    expect(executed).to.deep.equal(['slow']);
  });

  it('survives a store that does not answer, and says so', async () => {
    const node = await cluster.node('n1', quick);
    const storage = node.service(StateStorage);
    const due = storage.due.bind(storage);
    storage.due = () => Promise.reject(new Error('away'));
    await storage.deliver([deliveryTo('k', 'patient')]);
    await eventually(() => cluster.said('what is to be delivered could not be read').length > 0);
    storage.due = due;
    await eventually(() => executed.includes('patient'));
  });

  it('makes again only after a while what the store will not have settled, and others have their turn meanwhile', async () => {
    const node = await cluster.node('n1', { deliveries: { pollMs: 50, maxUnderWay: 1 } });
    const storage = node.service(StateStorage);
    const settle = storage.settle.bind(storage);
    let asked = 0;
    storage.settle = () => {
      asked++;
      return Promise.reject(new Error('read only'));
    };
    await storage.deliver([deliveryTo('k', 'a'), deliveryTo('k', 'b')]);
    await eventually(() => asked > 0);
    await pause(120);
    expect(asked).to.be.within(2, 5);
    storage.settle = settle;
    await eventually(async () => (await storage.deliveries({ limit: 1 })).deliveries.length === 0);
    // The actor remembers what it has executed.
    expect([...executed].sort()).to.deep.equal(['a', 'b']);
  });

  it('shows what it does in its metrics', async () => {
    const node = await cluster.node('n1', quick);
    const metrics = node.service(Metrics);
    await node.service(StateStorage).deliver([deliveryTo('k', 'slow', { due: { at: Date.now() - 5_000 } })]);
    await gates.reached('slow');
    expect(countOf(metrics, 'moonpool.deliveries.under_way')).to.equal(1);
    expect(countOf(metrics, 'moonpool.deliveries.lag')).to.be.within(5, 10);
    await gates.open('slow');
    await eventually(() => countOf(metrics, 'moonpool.deliveries.delivered') === 1);
    await eventually(() => countOf(metrics, 'moonpool.deliveries.lag') === 0);
  });
});

function countOf(metrics: Metrics, name: string): number {
  return metrics.collect().find(({ definition }) => definition.name === name)?.value ?? Number.NaN;
}
