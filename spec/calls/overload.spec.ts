import { expect } from 'chai';
import { Actor, Handler, isMoonpoolError, type ActorRuntime } from 'moonpool';
import { ClusterFixture, codeOf, eventually, failureOf, Gates, pause } from '../activation/cluster-fixture';

let gates = new Gates();
let turns = 0;

@Actor({ name: 'Clerk' })
class Clerk {
  @Handler() async serve(): Promise<number> {
    const turn = ++turns;
    await pause(10);
    return turn;
  }
}

@Actor({ name: 'Sleeper', mailboxCapacity: 2 })
class Sleeper {
  @Handler() async sleep(gate: string): Promise<string> {
    turns++;
    await gates.wait(gate);
    return gate;
  }

  @Handler() async stroll(): Promise<void> {}
}

describe('More calls than can be served', () => {
  let cluster: ClusterFixture;
  beforeEach(() => {
    cluster = new ClusterFixture([Clerk, Sleeper]);
    gates = new Gates();
    turns = 0;
  });
  afterEach(async () => {
    gates.openAll();
    await cluster.shutdown();
  });

  const callers: Readonly<Record<string, (node: ActorRuntime) => Promise<ActorRuntime>>> = {
    'on the node itself': async (node) => node,
    'over TCP': async () => cluster.client(),
    'in the same process': async () => cluster.client({ inProcess: true }),
  };
  for (const [where, caller] of Object.entries(callers)) {
    it(`${where}: those that would wait too long are refused at once, and no turn begins for them`, async () => {
      const node = await cluster.node('n1', { inProcess: true });
      const runtime = await caller(node);
      await Promise.all(Array.from({ length: 10 }, () => runtime.actor(Clerk, 'c').serve()));
      const before = turns;
      const clerk = runtime.actor(Clerk, 'c').$with({ timeoutMs: 1_000 });
      const began = performance.now();
      let firstRefusalMs = Number.NaN;
      const ends = await Promise.allSettled(
        Array.from({ length: 300 }, () =>
          clerk.serve().catch((error: unknown) => {
            if (Number.isNaN(firstRefusalMs)) firstRefusalMs = performance.now() - began;
            throw error;
          }),
        ),
      );
      const refused = ends.filter((end) => end.status === 'rejected').map(({ reason }) => reason as unknown);
      for (const error of refused) {
        if (!isMoonpoolError(error, 'NODE_OVERLOADED')) throw error;
        expect(error.executed).to.equal('no');
        expect(error.message).to.match(
          /^NODE_OVERLOADED: The call serve of spec\/Clerk\/c was refused: so much waits for its actor that it would have waited about \d+ ms\. Try again/,
        );
      }
      expect(refused.length).to.be.within(150, 290);
      expect(firstRefusalMs).to.be.lessThan(300);
      expect(turns - before).to.equal(ends.length - refused.length);
      expect(node.inspect()['activations']).to.deep.include({ refused: refused.length, waiting: 0 });
    });
  }

  it('are held back by a client that was refused: they end at once, and its node hears nothing of them', async () => {
    const node = await cluster.node();
    const client = await cluster.client();
    const clerk = client.actor(Clerk, 'c').$with({ timeoutMs: 500 });
    await Promise.all(Array.from({ length: 10 }, () => clerk.serve()));
    const calls: Promise<unknown>[] = [];
    for (let round = 0; round < 40; round++) {
      for (let number = 0; number < 20; number++) calls.push(codeOf(clerk.serve()).catch(() => 'answered'));
      await pause(10);
    }
    const ends = await Promise.all(calls);
    const { heldBack } = client.inspect().calls;
    const refused = ends.filter((end) => end === 'NODE_OVERLOADED').length;
    expect(heldBack).to.be.greaterThan(300);
    expect(refused).to.equal(heldBack + (node.inspect().activations?.refused ?? 0));
    await pause(1_100);
    expect(await clerk.serve()).to.be.a('number');
    expect(client.inspect().calls.heldBack).to.equal(heldBack);
  });

  it('of a full mailbox: those that nobody waits for any more give their places to others', async () => {
    const node = await cluster.node();
    const sleeper = node.actor(Sleeper, 's');
    const first = sleeper.sleep('first');
    await gates.reached('first');
    const late = [1, 2].map(() => codeOf(sleeper.$with({ timeoutMs: 20 }).stroll()));
    expect(await codeOf(sleeper.stroll())).to.equal('MAILBOX_FULL');
    expect(await Promise.all(late)).to.deep.equal(['CALL_TIMEOUT', 'CALL_TIMEOUT']);
    const patient = sleeper.stroll();
    await gates.open('first');
    await Promise.all([first, patient]);
  });

  it('on a whole node: as many wait as may, whatever they wait for', async () => {
    const node = await cluster.node('n1', { activation: { maxWaiting: 3 } });
    const sleepers = ['a', 'b', 'c'].map((key) => node.actor(Sleeper, key));
    const first = sleepers.map((sleeper, index) => sleeper.sleep(`long ${index}`));
    await eventually(() => turns === 3);
    const waiting = sleepers.map((sleeper) => sleeper.stroll());
    const refusal = await failureOf(node.actor(Sleeper, 'd').stroll());
    expect(refusal).to.include({ code: 'NODE_OVERLOADED', executed: 'no' });
    expect(refusal.message).to.include('3 calls wait on its node, and the limit of activation.maxWaiting is 3');
    gates.openAll();
    await Promise.all([...first, ...waiting]);
    await node.actor(Sleeper, 'd').stroll();
  });
});
