import { expect } from 'chai';
import type { ActorReference } from 'moonpool';
import { Relaxed, Strict, Traveller } from './chain-actors';
import { Gate } from './gate';
import { NODE_NAMES, until, type NodeName, type ProcessFleet } from './process-fleet';
import { describeError } from './seen-error';
import { Library } from './turn-actors';

/** How much later than its deadline a real process may settle a call, in milliseconds; what its own clock is late comes on top. */
const LATENESS_MS = 50;

/** What goes down a chain of calls over three nodes, and what does not. */
export function describeChains(fleet: () => ProcessFleet): void {
  const route = ['on a', 'on b', 'on c'] as const;
  const traveller = (key: string): ActorReference<Traveller> => fleet().client.actor(Traveller, key);
  const letGo = (journal: string): Promise<unknown> =>
    Promise.all(NODE_NAMES.map((name) => fleet().agent(name).letGo(journal)));
  const noted = async (journal: string, what: string): Promise<readonly NodeName[]> =>
    (await fleet().notes(journal)).filter((note) => note.what === what).map(({ node }) => node as NodeName);

  describe('a chain of calls', () => {
    before(async () => {
      await Promise.all(route.map((key) => fleet().place(traveller(key), key.slice(-1) as NodeName)));
    });

    it('has the time of its first caller, whatever the later ones allow', async () => {
      const timeoutMs = 500;
      const journal = 'deadline';
      const begunAt = Date.now();
      // When this process itself gets to run at that moment: what it is late, everything in it is late.
      const due = new Promise<number>((resolve) => setTimeout(() => resolve(Date.now()), timeoutMs));
      const error = describeError(
        await traveller('on a')
          .$with({ timeoutMs })
          .endure(['on b', 'on c'], journal)
          .catch((failure: unknown) => failure),
      );
      const settledAt = Date.now();
      expect(error).to.include({ code: 'CALL_TIMEOUT', executed: 'maybe' });
      expect(settledAt - Math.max(await due, begunAt + timeoutMs)).to.be.at.most(LATENESS_MS);
      expect(await noted(journal, 'begun')).to.deep.equal(['a', 'b', 'c']);
      await letGo(journal);
      await until('all three have seen the deadline', async () => (await noted(journal, 'aborted')).length === 3);
      for (const { node, what, at } of await fleet().notes(journal)) {
        // Clocks of others are estimated, so a node may take the deadline for a little earlier, and never for the 60 s of its caller.
        if (what === 'aborted') expect(at - begunAt, `on ${node}`).to.be.within(timeoutMs / 2, 10_000);
      }
    });

    it('is cancelled all the way down, and each handler sees it by its own signal', async () => {
      const journal = 'cancelled';
      const controller = new AbortController();
      const call = traveller('on a').$with({ signal: controller.signal }).endure(['on b', 'on c'], journal);
      await until('the call has come to the third node', async () => (await noted(journal, 'begun')).length === 3);
      expect(await noted(journal, 'aborted')).to.deep.equal([]);
      controller.abort();
      expect(describeError(await call.catch((failure: unknown) => failure))).to.include({
        code: 'CALL_CANCELLED',
        executed: 'maybe',
      });
      await letGo(journal);
      await until('all three have seen it', async () => (await noted(journal, 'aborted')).length === 3);
      expect([...(await noted(journal, 'aborted'))].sort()).to.deep.equal(['a', 'b', 'c']);
    });

    it('that is cancelled while it waits for its turn on another node never has it', async () => {
      const client = fleet().client;
      const [library, gate] = [await fleet().place(client.actor(Library, 'cancel'), 'b'), client.actor(Gate, 'cancel')];
      const first = library.write(gate.$id.key as string, 'first');
      await until('the first turn has begun', async () => (await gate.arrivals()).length === 1);
      const controller = new AbortController();
      const second = library
        .$with({ signal: controller.signal })
        .jot('cancel', 'second')
        .catch((failure: unknown) => failure);
      // It came after the second on the same connection: when it waits in the mailbox, so does the second.
      await library.$trySend.jot('cancel', 'third');
      controller.abort();
      expect(describeError(await second).code).to.equal('CALL_CANCELLED');
      await gate.open();
      await first;
      await until('the third has had its turn', async () =>
        (await fleet().notes('cancel')).some(({ what }) => what === 'third'),
      );
      expect((await fleet().notes('cancel')).map(({ what, node }) => `${what} on ${node}`)).to.deep.equal([
        'third on b',
      ]);
    });

    it('says what its callers said of the request, and nothing of it comes back up', async () => {
      const outcome = await fleet()
        .agent('a')
        .$with({ context: { who: 'ann' } })
        .valuesBeforeAndAfter(traveller('on b'), ['on c', 'on a']);
      const said = { who: 'ann', agent: 'a' };
      const seen = [said, { ...said, 'by b': 'on c' }, { ...said, 'by b': 'on c', 'by c': 'on a' }];
      expect(outcome).to.deep.equal([said, seen, said]);
    });

    it('goes through the filters of the caller and then those of the callee, the first outermost', async () => {
      expect(await traveller('on b').ring()).to.equal('out 1 of client(out 2 of client(in 1 of b(in 2 of b(ring))))');
      const { value } = await fleet().call('a', traveller('on c'), 'ring');
      expect(value).to.equal('out 1 of a(out 2 of a(in 1 of c(in 2 of c(ring))))');
    });

    it('that would wait for itself is refused at once, and the chain is named', async () => {
      const [one, two, three] = (['one', 'two', 'three'] as const).map((key) => fleet().client.actor(Strict, key)) as [
        ActorReference<Strict>,
        ActorReference<Strict>,
        ActorReference<Strict>,
      ];
      await Promise.all([fleet().place(one, 'a'), fleet().place(two, 'b'), fleet().place(three, 'c')]);
      expect(await one.ask(['two', 'three'])).to.deep.equal(['a', 'b', 'c']);
      for (const path of [
        ['two', 'one'],
        ['two', 'three', 'one'],
      ]) {
        const error = describeError(await one.ask(path).catch((failure: unknown) => failure));
        let innermost = error;
        while (innermost.cause !== undefined) innermost = innermost.cause;
        expect(innermost).to.include({ code: 'CALL_DEADLOCK', executed: 'no' });
        expect(innermost.message).to.contain(['one', ...path].map((key) => `processes/Strict/${key}`).join(' -> '));
      }
      expect(await one.ask(['two', 'three'])).to.deep.equal(['a', 'b', 'c']);
    });

    it('may come back to an actor that lets in the calls of its own chain', async () => {
      const [one, two] = [
        await fleet().place(fleet().client.actor(Relaxed, 'one'), 'a'),
        await fleet().place(fleet().client.actor(Relaxed, 'two'), 'b'),
      ];
      expect(await one.ask(['two', 'one', 'two'])).to.deep.equal(['a', 'b', 'a', 'b']);
      expect([await one.mostInside(), await two.mostInside()]).to.deep.equal([2, 2]);
      // Calls of different chains are no reason to overlap.
      const shy = await fleet().place(fleet().client.actor(Relaxed, 'shy'), 'b');
      const outcomes = await Promise.all(
        (['a', 'c'] as const).map((from) =>
          fleet()
            .agent(from)
            .runAll(Array.from({ length: 20 }, () => ({ target: shy, method: 'ask', args: [['helper']] }))),
        ),
      );
      expect(outcomes.flat().filter(({ error }) => error !== undefined)).to.deep.equal([]);
      expect(await shy.mostInside()).to.equal(1);
    });
  });
}
