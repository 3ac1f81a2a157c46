import { expect } from 'chai';
import { Actor, ActorState, Handler, Persist, type ActorRuntime, type DeadLetter } from 'moonpool';
import { StateStorage } from 'moonpool/modules';
import { ClusterFixture, eventually } from '../activation/cluster-fixture';

let refuses = true;
let executed = 0;

class Nothing {}

@Actor({ name: 'Clerk', persist: 'after-turn' })
class Clerk {
  @Persist(Nothing) protected readonly nothing!: ActorState<Nothing>;

  @Handler() async file(): Promise<void> {
    executed++;
    if (refuses) throw new TypeError('this form is not filled in');
  }
}

async function lettersOf(runtime: ActorRuntime, query = {}): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for await (const letter of runtime.deadLetters(query)) letters.push(letter);
  return letters;
}

describe('Dead letters', () => {
  let cluster: ClusterFixture;
  const quick = { deliveries: { pollMs: 15, retryMinMs: 5, retryMaxMs: 10, maxRefusals: 2, graceMs: 5 } };
  beforeEach(() => {
    cluster = new ClusterFixture([Clerk]);
    refuses = true;
    executed = 0;
  });
  afterEach(() => cluster.shutdown());

  it('are what handlers have refused as often as may be, with why, and each attempt was executed', async () => {
    const node = await cluster.node('n1', quick);
    await node.actor(Clerk, 'a').$deliver.file();
    await eventually(async () => (await lettersOf(node)).length === 1);
    const [letter] = await lettersOf(node);
    expect(letter).to.deep.include({
      target: 'spec/Clerk/a',
      handler: 'file',
      attempts: 2,
      error: { code: 'TypeError', message: 'this form is not filled in' },
    });
    expect(letter?.dueAt).to.be.instanceOf(Date);
    expect(executed).to.equal(2);
    expect(cluster.said('a delivery is not tried any more')).to.have.length(1);
    // Sent again, it has all its attempts again.
    await node.deadLetters().resend(letter?.id ?? '');
    await eventually(() => executed === 4);
    await eventually(async () => (await lettersOf(node)).length === 1);
    expect((await lettersOf(node))[0]).to.include({ attempts: 2 });
  });

  it('are seen by clients too, a few at a time, and sent again or discarded by whoever decides', async () => {
    const node = await cluster.node('n1', quick);
    const client = await cluster.client();
    for (const key of ['a', 'b', 'c']) await node.actor(Clerk, key).$deliver.file();
    await eventually(async () => (await lettersOf(client)).length === 3);
    const [first] = await lettersOf(client, { limit: 1 });
    const rest = await lettersOf(client, { after: first?.id });
    expect(rest).to.have.length(2);
    const [second, third] = rest.map(({ id }) => id);
    refuses = false;
    expect(await client.deadLetters().resend(first?.id ?? '')).to.equal(true);
    expect(await client.deadLetters().resend(first?.id ?? '')).to.equal(false);
    expect(await client.deadLetters().discard(second ?? '')).to.equal(true);
    expect(await client.deadLetters().discard(second ?? '')).to.equal(false);
    const before = executed;
    await eventually(() => executed === before + 1);
    expect((await lettersOf(node)).map(({ id }) => id)).to.deep.equal([third]);
  });

  it('that cannot be read are shown as such, and those of other applications are not', async () => {
    const node = await cluster.node('n1', quick);
    const storage = node.service(StateStorage);
    const due = { at: 0 };
    const data = Buffer.from('\u0001spoiled');
    const slot = 0;
    await storage.deliver([
      { id: 'x', target: 'spec/Clerk/x', slot, due, data },
      { id: 'y', target: 'other/Clerk/y', slot, due, data },
    ]);
    const { deliveries } = await storage.deliveries({ limit: 10 });
    for (const { id, version } of deliveries) await storage.settle({ id, version, next: { due: 'never', data } });
    const letters = await lettersOf(node);
    expect(letters.map(({ id, error }) => [id, error.code])).to.deep.equal([['x', 'STORAGE_CORRUPT']]);
    expect(await node.deadLetters().discard('y')).to.equal(false);
    expect(await node.deadLetters().discard('x')).to.equal(true);
  });

  it('are asked for by what can be asked', async () => {
    const node = await cluster.node();
    expect(() => node.deadLetters({ limit: 0 })).to.throw('limit');
    expect(() => node.deadLetters({ after: '' })).to.throw('after');
  });
});
