import { expect } from 'chai';
import type { ActorReference } from 'moonpool';
import { Gate } from './gate';
import { Clock, Guest, Ledger, Witness } from './life-actors';
import { Load } from './load';
import { NODE_NAMES, until, type NodeName, type ProcessFleet } from './process-fleet';
import type { Outcome } from './timed-call';
import { Library } from './turn-actors';

/** How much later than its deadline a call may be settled in a real process, in milliseconds. */
const LATENESS_MS = 50;

/** What ends with a node, and what goes on without it. */
export function describeFailures(fleet: () => ProcessFleet): void {
  const ledgerOn = (key: string, on: NodeName): Promise<ActorReference<Ledger>> =>
    fleet().place(fleet().client.actor(Ledger, key), on);
  const servedBy = (load: Load, ledger: ActorReference<Ledger>, first: number): ReadonlySet<unknown> =>
    new Set(
      load
        .acknowledged(ledger)
        .slice(first)
        .map(({ value }) => value),
    );

  describe('a node that is killed under load', () => {
    const witness = new Witness();
    let load: Load;
    let ledgers: readonly ActorReference<Ledger>[];
    let guest: ActorReference<Guest>;
    let clock: ActorReference<Clock>;
    let subscribed: { end(): Promise<void> };
    /** A call whose turn is under way when the node is killed. */
    let held: Promise<Outcome>;
    /** The ticks that were seen before somebody called the clock again. */
    let ticksBefore: readonly { readonly node: string; readonly what: string }[];

    before(async function () {
      this.timeout(30_000);
      ledgers = await Promise.all([ledgerOn('lost 1', 'c'), ledgerOn('lost 2', 'c'), ledgerOn('kept', 'a')]);
      guest = await fleet().place(fleet().client.actor(Guest, 'survivor'), 'c');
      clock = await fleet().place(fleet().client.actor(Clock, 'lost'), 'c');
      const observation = await fleet().client.observe(witness);
      subscribed = observation;
      await clock.show(observation.reference);
      await until('the clock ticks', () => witness.seen.length > 5);

      const [library, gate] = [
        await fleet().place(fleet().client.actor(Library, 'lost'), 'c'),
        await fleet().place(fleet().client.actor(Gate, 'lost'), 'a'),
      ];
      held = fleet().call('b', library, 'write', ['lost', 'b'], { timeoutMs: 10_000 });
      await until('a turn is under way', async () => (await gate.arrivals()).length === 1);

      load = new Load(fleet(), ledgers, ['client', 'a', 'b'], 1_000);
      await until('there is load', () => ledgers.every((ledger) => load.acknowledged(ledger).length > 30));
      await fleet().kill('c');
      const counts = ledgers.map((ledger) => load.acknowledged(ledger).length);
      await until(
        'the ledgers are written again',
        () => ledgers.every((ledger, index) => load.acknowledged(ledger).length > (counts[index] ?? 0) + 100),
        15_000,
      );
      await load.end();
      ticksBefore = [...witness.seen];
    });
    after(async function () {
      this.timeout(30_000);
      subscribed.end();
      await fleet().restore();
    });

    it('leaves no call open: each is settled by its deadline', () => {
      expect(load.failed, 'calls that failed').not.to.have.length(0);
      const late = load.attempts.filter(({ lateMs }) => lateMs > LATENESS_MS);
      expect(late).to.deep.equal([]);
    });

    it('is no reason to wait for the deadline: who waits for a turn there learns at once that it may have been executed', async () => {
      const { error, lateMs } = await held;
      expect(error).to.include({ code: 'CONNECTION_LOST', executed: 'maybe' });
      expect(lateMs).to.be.lessThan(-5_000);
      // The turn that the dead one had called still waits, on a node that lives.
      await fleet().client.actor(Gate, 'lost').open();
    });

    it('has its actors live on others, and those of others did not move', () => {
      const [lost, other, kept] = ledgers.map((ledger) => servedBy(load, ledger, 0)) as [
        ReadonlySet<unknown>,
        ReadonlySet<unknown>,
        ReadonlySet<unknown>,
      ];
      for (const nodes of [lost, other]) {
        expect(nodes.has('c')).to.equal(true);
        expect(nodes.size).to.equal(2);
      }
      expect([...kept]).to.deep.equal(['a']);
    });

    it('takes no acknowledged entry with it, and nothing is there that was said not to be, or twice', async () => {
      for (const ledger of ledgers) {
        const found = await ledger.entries();
        expect(new Set(found).size).to.equal(found.length);
        const acknowledged = load.acknowledged(ledger).map(({ entry }) => entry);
        expect(
          acknowledged.filter((entry) => !found.includes(entry)),
          'acknowledged and lost',
        ).to.deep.equal([]);
        const failed = load.failed.filter((attempt) => attempt.ledger === ledger.$id.path);
        const refused = failed.filter(({ error }) => error?.executed === 'no').map(({ entry }) => entry);
        expect(
          refused.filter((entry) => found.includes(entry)),
          'denied and there',
        ).to.deep.equal([]);
        expect(
          failed.filter(({ error }) => !['no', 'maybe'].includes(error?.executed ?? '')),
          'without an honest outcome',
        ).to.deep.equal([]);
        const asked = new Set(load.attempts.map(({ entry }) => entry));
        expect(
          found.filter((entry) => !asked.has(entry)),
          'never asked for',
        ).to.deep.equal([]);
      }
    });

    it('has its actors go on with what was stored', async () => {
      const { nodes, node } = await guest.stay();
      expect(nodes).to.deep.equal(['c', node]);
      expect(node).not.to.equal('c');
    });

    it('stops the timers of its actors; they run again once somebody calls', async () => {
      expect([...new Set(ticksBefore.map(({ node }) => node))]).to.deep.equal(['c']);
      const seen = witness.seen.length;
      expect(witness.seen).to.deep.equal(ticksBefore);
      const again = await fleet().client.observe(witness);
      const found = await clock.show(again.reference);
      expect(found).not.to.equal('c');
      await until('the clock ticks again', () => witness.seen.length > seen + 5);
      const after = witness.seen.slice(seen).map(({ node, what }) => `${node} ${what.split(' ')[1]}`);
      const first = Number(after[0]?.split(' ')[1]);
      expect(after.slice(0, 5)).to.deep.equal(Array.from({ length: 5 }, (_, index) => `${found} ${first + index}`));
      expect(first).to.be.lessThan(ticksBefore.length);
      again.end();
    });
  });

  describe('a client that loses a node', () => {
    const witness = new Witness();
    let clocks: Readonly<Record<NodeName, ActorReference<Clock>>>;
    let observation: { end(): Promise<void> };
    const clockOn = (on: NodeName): Promise<ActorReference<Clock>> =>
      fleet().place(fleet().client.actor(Clock, `told by ${on}`), on);
    const tell = (of: NodeName, what: string): Promise<number> => clocks[of].$with({ timeoutMs: 1_000 }).tell(what);
    const toldBy = (what: string): readonly string[] =>
      witness.seen.filter((seen) => seen.what === what).map(({ node }) => node);

    before(async () => {
      const [a, b, c] = [await clockOn('a'), await clockOn('b'), await clockOn('c')];
      clocks = { a, b, c };
      const subscribe = (me: ActorReference<Witness>): Promise<unknown> =>
        Promise.all(NODE_NAMES.map((name) => clocks[name].$with({ timeoutMs: 1_000 }).show(me)));
      observation = await fleet().client.observe(witness, subscribe, { renewMs: 100 });
    });
    after(async function () {
      this.timeout(30_000);
      await observation.end();
      await fleet().restore();
    });

    it('is called by actors of every node until then', async () => {
      for (const of of NODE_NAMES) expect(await tell(of, 'hello')).to.equal(1);
      expect(toldBy('hello')).to.deep.equal(['a', 'b', 'c']);
    });

    it('calls the others, and is called by them, as if nothing had happened', async () => {
      await fleet().kill('b');
      for (const of of ['a', 'c'] as const) {
        expect(await clocks[of].where()).to.equal(of);
        expect(await tell(of, 'still here')).to.equal(1);
      }
      expect(toldBy('still here')).to.deep.equal(['a', 'c']);
    });

    it('reaches the lost actors too when they live again, for it subscribes again', async () => {
      await until('an actor of the lost node tells again', async () => (await tell('b', 'back')) === 1);
      const found = await clocks.b.where();
      expect(found).not.to.equal('b');
      expect(toldBy('back').at(-1)).to.equal(found);
    });

    it('is reached by the node that was started again', async function () {
      this.timeout(15_000);
      await fleet().restore();
      const again = await fleet().place(fleet().client.actor(Clock, 'new on b'), 'b');
      const { reference, end } = await fleet()
        .client.observe(new Witness())
        .then((made) => ({ reference: made.reference, end: () => made.end() }));
      expect(await again.ask(reference, 'news')).to.equal('news noted');
      end();
    });
  });

  describe('a node that is asked to end under load', () => {
    it('ends in order, and no call fails: they go on elsewhere', async function () {
      this.timeout(30_000);
      const ledgers = await Promise.all([
        ledgerOn('drained 1', 'b'),
        ledgerOn('drained 2', 'b'),
        ledgerOn('drained 3', 'b'),
      ]);
      const load = new Load(fleet(), ledgers, ['client', 'a', 'c'], 10_000);
      await until('there is load', () => ledgers.every((ledger) => load.acknowledged(ledger).length > 50));
      expect(await fleet().terminate('b')).to.equal(0);
      const counts = ledgers.map((ledger) => load.acknowledged(ledger).length);
      await until('the load goes on', () =>
        ledgers.every((ledger, index) => load.acknowledged(ledger).length > (counts[index] ?? 0) + 100),
      );
      await load.end();
      expect(load.failed).to.deep.equal([]);
      for (const ledger of ledgers) {
        const entries = load.acknowledged(ledger).map(({ entry }) => entry);
        expect([...(await ledger.entries())].sort((one, other) => one - other)).to.deep.equal(
          entries.sort((one, other) => one - other),
        );
        expect(servedBy(load, ledger, 0).has('b')).to.equal(true);
        expect(await ledger.where()).not.to.equal('b');
      }
      await fleet().restore();
    });
  });
}
