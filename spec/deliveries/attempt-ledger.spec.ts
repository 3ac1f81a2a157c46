import { expect } from 'chai';
import { Actor, ActorState, Handler, Persist, type ActorRuntime, type DeadLetter } from 'moonpool';
import { ClusterFixture, eventually, pause } from '../activation/cluster-fixture';

const executed: string[] = [];
let refusalMs = 0;

class Nothing {}

const refuse = async (what: string): Promise<void> => {
  executed.push(what);
  if (refusalMs > 0) await pause(refusalMs);
  throw new RangeError('no such account');
};

@Actor({ name: 'Forgetful' })
class Forgetful {
  @Handler() async take(what: string): Promise<void> {
    await refuse(what);
  }
}

@Actor({ name: 'Mindful', persist: 'after-turn' })
class Mindful {
  @Persist(Nothing) protected readonly nothing!: ActorState<Nothing>;

  @Handler() async take(what: string): Promise<void> {
    await refuse(what);
  }
}

describe('A message that its handler refuses', () => {
  let cluster: ClusterFixture;
  const deliveries = { maxRefusals: 3, pollMs: 10, graceMs: 30, retryMinMs: 5, retryMaxMs: 10 };
  beforeEach(() => {
    cluster = new ClusterFixture([Forgetful, Mindful]);
    executed.length = 0;
    refusalMs = 0;
  });
  afterEach(() => cluster.shutdown());

  const lettersOf = async (node: ActorRuntime): Promise<DeadLetter[]> => {
    const letters: DeadLetter[] = [];
    for await (const letter of node.deadLetters()) letters.push(letter);
    return letters;
  };

  for (const [title, type] of [
    ['remembers nothing', Forgetful],
    ['remembers answers', Mindful],
  ] as const)
    for (const delayMs of [0, 1]) {
      const how = delayMs === 0 ? 'sent by whoever has committed it' : 'sent by the node of its part';
      it(`is executed so often as the options say by an actor that ${title}, ${how}`, async () => {
        const node = await cluster.node('n1', { deliveries });
        await node.actor(type, 'a').$deliver.$with({ delayMs }).take('x');
        await eventually(async () => (await lettersOf(node)).length === 1);
        await pause(60);
        const [letter] = await lettersOf(node);
        expect(executed).to.have.length(3);
        expect(letter).to.include({ attempts: 3, handler: 'take' });
        expect(letter?.error.message).to.equal('no such account');
        // The first refusal was written at once, and did not wait for the node of its part.
        expect(letter?.dueAt).to.be.an.instanceOf(Date);
      });
    }

  it('is executed so often also when the node of its part has begun before the first attempt was over', async () => {
    refusalMs = 60;
    const node = await cluster.node('n1', { deliveries });
    await node.actor(Forgetful, 'a').$deliver.take('x');
    await eventually(async () => (await lettersOf(node)).length === 1);
    await pause(100);
    expect(executed).to.have.length(3);
  });

  it('is a dead letter after the first attempt when it may refuse once', async () => {
    const node = await cluster.node('n1', { deliveries: { ...deliveries, maxRefusals: 1, pollMs: 60_000 } });
    await node.actor(Forgetful, 'a').$deliver.take('x');
    await eventually(async () => (await lettersOf(node)).length === 1);
    expect(executed).to.deep.equal(['x']);
  });
});
