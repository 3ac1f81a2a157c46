import { expect } from 'chai';
import { Actor, ActorRuntime, Handler } from 'moonpool';
import { ClusterFixture, failureOf, pause } from '../activation/cluster-fixture';

@Actor({ name: 'Box' })
class Box {
  @Handler() async put(text: string): Promise<number> {
    return text.length;
  }
  @Handler() async take(letters: number): Promise<string> {
    return 'x'.repeat(letters);
  }
  @Handler() async wait(ms: number): Promise<string> {
    await pause(ms);
    return 'waited';
  }
}

const BIG = 100_000;

/** What one side takes the other must know, for a packet that is too large costs all others their connection. */
describe('Processes whose packets may be of different sizes', () => {
  const small = { transport: { maxPacketBytes: 64 * 1024 } };
  let fixture: ClusterFixture;
  let node: ActorRuntime;

  beforeEach(() => {
    fixture = new ClusterFixture([Box]);
  });
  afterEach(() => fixture.shutdown());

  it('send none that is too large for the other side, and nobody else notices', async () => {
    node = await fixture.node('n1', small);
    const client = await fixture.client();
    expect(await client.actor(Box, 'a').put('x')).to.equal(1);
    const other = client.actor(Box, 'b').wait(30);
    for (const box of [client.actor(Box, 'a'), client.actor(Box, 'a').$with({ idempotencyKey: 'k' })])
      expect(await failureOf(box.put('x'.repeat(BIG)))).to.include({ code: 'PACKET_TOO_LARGE', executed: 'no' });
    expect(await other).to.equal('waited');
    expect(fixture.said('a connection was cut')).to.deep.equal([]);
  });

  it('answer nothing that is too large for the other side', async () => {
    node = await fixture.node();
    const client = await fixture.client(small);
    expect(
      await client
        .actor(Box, 'a')
        .take(BIG)
        .catch((error: unknown) => error),
    ).to.include({
      code: 'PACKET_TOO_LARGE',
      executed: 'yes',
    });
    expect(await client.actor(Box, 'a').put('x')).to.equal(1);
  });

  it('say of what has waited for the greeting that it was not executed, and then why', async () => {
    node = await fixture.node('n1', small);
    const client = await fixture.client();
    const first = await failureOf(client.actor(Box, 'a').put('x'.repeat(BIG)));
    expect(first).to.have.property('executed', 'no');
    expect(first.message).to.contain('larger than the 65536 bytes of its transport.maxPacketBytes');
    const repeated = client.actor(Box, 'a').$with({ idempotencyKey: 'k', timeoutMs: 2_000 });
    expect(await failureOf(repeated.put('x'.repeat(BIG)))).to.include({ code: 'PACKET_TOO_LARGE', executed: 'no' });
    expect(node.inspect().activations?.totals.turns).to.equal(0);
  });
});
