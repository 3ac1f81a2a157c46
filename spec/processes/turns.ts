import { expect } from 'chai';
import type { ActorReference } from 'moonpool';
import { Gate } from './gate';
import { NODE_NAMES, until, type NodeName, type ProcessFleet } from './process-fleet';
import { Grinder, Library } from './turn-actors';

/** How the turns of an actor follow each other when they are asked for from several nodes. */
export function describeTurns(fleet: () => ProcessFleet): void {
  const gateOf = (key: string): ActorReference<Gate> => fleet().client.actor(Gate, key);
  const library = (key: string, on: NodeName): Promise<ActorReference<Library>> =>
    fleet().place(fleet().client.actor(Library, key), on);

  describe('an actor', () => {
    it('has turns that only read together, and those that write alone, whichever nodes ask', async () => {
      const [books, gate] = [await library('readers', 'b'), gateOf('readers')];
      const readers = (['a', 'c'] as const).map((from) => fleet().call(from, books, 'read', ['readers', from]));
      await until('both read', async () => (await gate.arrivals()).length === 2);
      expect([...(await books.present())].sort()).to.deep.equal(['a', 'c']);
      const writer = fleet().call('a', books, 'write', ['readers', 'writer']);
      await fleet().waiting(books, 'b', 1);
      expect(await gate.arrivals()).to.have.length(2);
      await gate.open();
      expect((await writer).value).to.deep.equal(['writer']);
      expect((await Promise.all(readers)).map(({ caller, error }) => [caller, error])).to.deep.equal([
        ['a', undefined],
        ['c', undefined],
      ]);
    });

    it('answers what always interleaves while a long turn is under way', async () => {
      const [books, gate] = [await library('interleave', 'c'), gateOf('interleave')];
      const writer = fleet().call('a', books, 'write', ['interleave', 'a']);
      await until('the long turn has begun', async () => (await gate.arrivals()).length === 1);
      expect((await fleet().call('b', books, 'present')).value).to.deep.equal(['a']);
      await gate.open();
      expect((await writer).value).to.deep.equal(['a']);
    });

    it('gets one-way messages from another node in their order, and the sender waits for none', async () => {
      const [books, gate] = [await library('one-way', 'b'), gateOf('one-way')];
      const writer = fleet().call('c', books, 'write', ['one-way', 'c']);
      await until('a turn is under way', async () => (await gate.arrivals()).length === 1);
      for (const word of ['first', 'second'])
        expect((await fleet().call('a', books, 'jot', ['one-way', word], { how: 'send' })).error).to.equal(undefined);
      expect(await fleet().notes('one-way')).to.deep.equal([]);
      await gate.open();
      await writer;
      await until('both have come', async () => (await fleet().notes('one-way')).length === 2);
      expect((await fleet().notes('one-way')).map(({ what, node }) => [what, node])).to.deep.equal([
        ['first', 'b'],
        ['second', 'b'],
      ]);
    });

    it('that has no room says so to a sender on another node that wants to know, and takes the others', async () => {
      const [books, gate] = [await library('full', 'c'), gateOf('full')];
      const writer = fleet().call('b', books, 'write', ['full', 'b']);
      await until('a turn is under way', async () => (await gate.arrivals()).length === 1);
      const trySend = (word: string) => fleet().call('a', books, 'jot', ['full', word], { how: 'try-send' });
      expect((await trySend('first')).error).to.equal(undefined);
      expect((await trySend('second')).error).to.equal(undefined);
      expect((await trySend('third')).error).to.include({ code: 'MAILBOX_FULL', executed: 'no' });
      expect((await fleet().call('b', books, 'jot', ['full', 'a call'])).error).to.include({
        code: 'MAILBOX_FULL',
        executed: 'no',
      });
      expect(await fleet().notes('full')).to.deep.equal([]);
      await gate.open();
      await writer;
      await until('the messages have been read', async () => (await fleet().notes('full')).length === 2);
      expect((await fleet().notes('full')).map(({ what }) => what)).to.deep.equal(['first', 'second']);
    });

    it('without a key is there once on each node', async () => {
      for (const from of NODE_NAMES) {
        const answers = await Promise.all(NODE_NAMES.map((name) => fleet().call(from, fleet().agent(name), 'where')));
        expect(answers.map(({ value }) => value)).to.deep.equal(NODE_NAMES);
      }
    });

    it('without state works on the node of its caller, and on others for callers that are no nodes', async () => {
      const grinder = fleet().client.actor(Grinder, 'mill');
      const answers = await Promise.all(NODE_NAMES.map((from) => fleet().call(from, grinder, 'where')));
      expect(answers.map(({ value }) => value)).to.deep.equal(NODE_NAMES);
      const seen = new Set<string>();
      await until(
        'the client has been served by each node',
        async () => seen.add(await grinder.where()).size === NODE_NAMES.length,
      );
    });

    it('without state has several turns on one node at once, and no more than allowed', async () => {
      const [grinder, gate] = [fleet().client.actor(Grinder, 'busy'), gateOf('busy')];
      const work = NODE_NAMES.map((from) =>
        fleet()
          .agent(from)
          .runAll(Array.from({ length: 6 }, () => ({ target: grinder, method: 'grind', args: ['busy'] }))),
      );
      const perNode = async (): Promise<readonly number[]> => {
        const arrivals = await gate.arrivals();
        return NODE_NAMES.map((name) => arrivals.filter((node) => node === name).length);
      };
      await until('each node works as much as it may', async () => (await perNode()).every((count) => count === 4));
      await gate.open();
      expect((await Promise.all(work)).flat().filter(({ error }) => error !== undefined)).to.deep.equal([]);
      expect(await perNode()).to.deep.equal([6, 6, 6]);
    });

    it('counts the answers that come after their callers have stopped waiting', async () => {
      const books = await library('late', 'b');
      const counted = (): number => (fleet().client.inspect()['calls'] as { readonly lateReplies: number }).lateReplies;
      const before = counted();
      const error = await books
        .$with({ timeoutMs: 100 })
        .linger('late')
        .catch((failure: unknown) => failure);
      expect(error).to.include({ code: 'CALL_TIMEOUT', executed: 'maybe' });
      expect(counted()).to.equal(before);
      await until('the turn has begun', async () => (await fleet().notes('late')).length === 1);
      await fleet().agent('b').letGo('late');
      await until('the late answer has come', () => counted() === before + 1);
    });
  });
}
