import { expect } from 'chai';
import { Actor, ActorContext, ActorState, Handler, inject, Persist } from 'moonpool';
import { StateStorage } from 'moonpool/modules';
import { ClusterFixture, eventually, failureOf, Gates, pause } from '../activation/cluster-fixture';

const executed: string[] = [];
let gates = new Gates();

class Nothing {
  changes = 0;
}

@Actor({ name: 'Sender', persist: 'after-turn' })
class Sender {
  @Persist(Nothing) private readonly nothing!: ActorState<Nothing>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async send(count: number): Promise<void> {
    this.nothing.value.changes++;
    for (let index = 0; index < count; index++)
      await this.context.actor(Taker, `t${index}`).$deliver.take(`${this.context.key}${index}`);
  }
  @Handler() async sendTo(key: string, count: number): Promise<void> {
    for (let index = 0; index < count; index++)
      await this.context.actor(Taker, key).$deliver.take(`${this.context.key}${index}`);
  }
  @Handler() async sendLater(): Promise<void> {
    await this.context.actor(Taker, 'later').$deliver.$with({ delayMs: 60_000 }).take('later');
  }
  /** Under a name, which a later one takes. */
  @Handler() async sendNamed(what: string, delayMs: number): Promise<void> {
    this.nothing.value.changes++;
    await this.context.actor(Taker, 'named').$deliver.$with({ id: 'name', delayMs }).take(what);
  }
  @Handler() async sendAndFail(): Promise<void> {
    await this.context.actor(Taker, 'failed').$deliver.take('failed');
    throw new Error('thought better of it');
  }
  @Handler() async sendNonsense(): Promise<void> {
    // Nobody awaits it: what is wrong with it fails the turn all the same.
    void this.context.actor(Taker, 'nonsense').$deliver.take((() => 1) as unknown as string);
  }
  /** Put there before its turn is over, it is not sent before that. */
  @Handler() async sendAndWait(): Promise<void> {
    await this.context.actor(Taker, 'waited').$deliver.take('waited');
    await gates.wait('turn');
  }
}

@Actor({ name: 'Taker', persist: 'after-turn' })
class Taker {
  @Persist(Nothing) protected readonly nothing!: ActorState<Nothing>;

  @Handler() async take(name: string): Promise<void> {
    executed.push(name);
    if (name.startsWith('slow')) await gates.wait(name);
  }
}

describe('A message of a turn', () => {
  let cluster: ClusterFixture;
  /** Nobody but whoever has committed it would send it for a minute. */
  const alone = { pollMs: 60_000, graceMs: 60_000 };
  beforeEach(() => {
    cluster = new ClusterFixture([Sender, Taker]);
    executed.length = 0;
    gates = new Gates();
  });
  afterEach(async () => {
    gates.openAll();
    await cluster.shutdown();
  });

  it('is sent at once when its commit is durable, and then the store has it no more', async () => {
    const node = await cluster.node('n1', { deliveries: alone });
    await node.actor(Sender, 'a').send(3);
    await eventually(() => executed.length === 3);
    await eventually(async () => (await node.service(StateStorage).deliveries({ limit: 9 })).deliveries.length === 0);
    expect([...executed].sort()).to.deep.equal(['a0', 'a1', 'a2']);
  });

  it('is not sent while its turn is under way, and never when that fails', async () => {
    const node = await cluster.node('n1', { deliveries: alone });
    const turn = node.actor(Sender, 'a').sendAndWait();
    await gates.reached('turn');
    await pause(30);
    expect(executed).to.deep.equal([]);
    await gates.open('turn');
    await turn;
    await eventually(() => executed.includes('waited'));
    await failureOf(node.actor(Sender, 'a').sendAndFail());
    expect((await failureOf(node.actor(Sender, 'a').sendNonsense())).message).to.contain('is a function');
    await pause(30);
    expect(executed).to.deep.equal(['waited']);
    expect((await node.service(StateStorage).deliveries({ limit: 9 })).deliveries).to.deep.equal([]);
  });

  it('that is due later is left to the node of its part', async () => {
    const node = await cluster.node('n1', { deliveries: alone });
    await node.actor(Sender, 'a').sendLater();
    await pause(20);
    expect(executed).to.deep.equal([]);
    expect((await node.service(StateStorage).deliveries({ limit: 9 })).deliveries).to.have.length(1);
  });

  it('does not take away the one that has taken its name while it was under way', async () => {
    const node = await cluster.node('n1', { deliveries: { pollMs: 20, graceMs: 60_000 } });
    await node.actor(Sender, 'a').sendNamed('slow', 0);
    await gates.reached('slow');
    await node.actor(Sender, 'a').sendNamed('second', 150);
    await gates.open('slow');
    await eventually(() => executed.includes('second'));
    expect(executed).to.deep.equal(['slow', 'second']);
    await eventually(async () => (await node.service(StateStorage).deliveries({ limit: 9 })).deliveries.length === 0);
  });

  it('waits for others when as many are under way as may be', async () => {
    const node = await cluster.node('n1', { deliveries: { ...alone, maxUnderWay: 1 } });
    await node.actor(Sender, 'slow').send(3);
    for (const name of ['slow0', 'slow1', 'slow2']) {
      await gates.reached(name);
      expect(executed.at(-1)).to.equal(name);
      await gates.open(name);
    }
    await eventually(() => executed.length === 3);
  });

  it('does not wait for an actor that hangs, however many wait for that one', async () => {
    const node = await cluster.node('n1', { deliveries: { ...alone, maxUnderWay: 8 } });
    await node.actor(Sender, 'slow').sendTo('hangs', 300);
    await gates.reached('slow0');
    await node.actor(Sender, 'quick').send(3);
    await eventually(() => executed.length === 4);
    expect(executed.slice(1).sort()).to.deep.equal(['quick0', 'quick1', 'quick2']);
    gates.openAll();
    // Those for which there was room went on in their order.
    await eventually(() => executed.length > 30);
    const ofOne = executed.filter((name) => name.startsWith('slow'));
    expect(ofOne.slice(0, 20)).to.deep.equal(Array.from({ length: 20 }, (_, index) => `slow${index}`));
  });

  it('is left to the node of its part when too many wait, or it has waited too long', async () => {
    const node = await cluster.node('n1', { deliveries: { pollMs: 20, graceMs: 150, maxUnderWay: 1 } });
    await node.actor(Sender, 'slow').send(1);
    await gates.reached('slow0');
    await node.actor(Sender, 'b').send(40);
    await pause(200);
    await gates.open('slow0');
    await eventually(() => executed.length >= 41);
    expect(new Set(executed).size).to.equal(41);
  });
});
