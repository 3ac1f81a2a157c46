import { expect } from 'chai';
import { Gate } from './gate';
import { Guest, Stillborn, type Stay } from './life-actors';
import { NODE_NAMES, until, type ProcessFleet } from './process-fleet';

/** How actors come to life and end in a cluster of processes. */
export function describeLives(fleet: () => ProcessFleet): void {
  const notedOf = async (about: string, what: string): Promise<readonly string[]> =>
    (await fleet().notes(about)).filter((note) => note.what === what).map(({ node }) => node);

  describe('the life of an actor', () => {
    it('begins once, however many callers from all nodes call it first at the same time', async function () {
      this.timeout(20_000);
      const keys = Array.from({ length: 10 }, (_, index) => `crowd ${index}`);
      const gate = fleet().client.actor(Gate, 'crowd');
      // 100 callers for each key: 34 on the first node and 33 on the others. Each node begins with another key.
      const callers = NODE_NAMES.map((from, index) => {
        const order = [...keys.slice(index * 3), ...keys.slice(0, index * 3)].flatMap((key) =>
          Array.from({ length: index === 0 ? 34 : 33 }, () => key),
        );
        return { from, order };
      });
      const called = callers.map(async ({ from, order }) => {
        const errands = order.map((key) => ({ target: fleet().client.actor(Guest, key), method: 'stay', args: [] }));
        const outcomes = await fleet().agent(from).runAll(errands, 'crowd');
        return outcomes.map(({ caller, value, error }, index) => ({
          key: order[index] as string,
          caller,
          error,
          ...(value as Stay | undefined),
        }));
      });
      await until('all are ready', async () => (await gate.arrivals()).length === NODE_NAMES.length);
      await gate.open();
      const stays = (await Promise.all(called)).flat();
      expect(stays).to.have.length(1_000);
      expect(stays.filter(({ error }) => error !== undefined)).to.deep.equal([]);
      for (const key of keys) {
        const served = stays.filter((stay) => stay.key === key);
        expect(served, key).to.have.length(100);
        expect(new Set(served.map(({ caller }) => caller)).size, key).to.equal(NODE_NAMES.length);
        expect(new Set(served.map(({ activation }) => activation)).size, key).to.equal(1);
        expect(served[0]?.nodes, key).to.have.length(1);
        expect(await notedOf(key, 'activated'), key).to.deep.equal(served[0]?.nodes);
      }
    });

    it('goes on elsewhere with what was stored, when it has left', async () => {
      const guest = await fleet().place(fleet().client.actor(Guest, 'mover'), 'a');
      for (const [from, to] of [
        ['a', 'b'],
        ['b', 'c'],
        ['c', 'a'],
      ] as const) {
        const [before, gate] = [await guest.stay(), fleet().client.actor(Gate, `mover from ${from}`)];
        await guest.leave(`mover from ${from}`);
        await until('it is about to go', async () => (await gate.arrivals()).length === 1);
        const called = fleet().call(to, guest, 'stay');
        await fleet().waiting(guest, from, 1);
        await gate.open();
        const { value } = await called;
        expect((value as Stay).node).to.equal(to);
        expect((value as Stay).activation).not.to.equal(before.activation);
      }
      expect((await guest.stay()).nodes).to.deep.equal(['a', 'b', 'c', 'a']);
    });

    it('ends without losing what comes meanwhile: calls and messages go to the next one', async () => {
      const [guest, gate] = [
        await fleet().place(fleet().client.actor(Guest, 'leaver'), 'b'),
        fleet().client.actor(Gate, 'leaver'),
      ];
      const { activation } = await guest.stay();
      await guest.leave('leaver');
      await until('it is about to go', async () => (await gate.arrivals()).length === 1);
      const calls = NODE_NAMES.flatMap((from) => Array.from({ length: 10 }, () => fleet().call(from, guest, 'stay')));
      const own = guest.stay();
      const sent = await Promise.all(
        NODE_NAMES.map((from) => fleet().call(from, guest, 'remark', [`from ${from}`], { how: 'send' })),
      );
      expect(sent.filter(({ error }) => error !== undefined)).to.deep.equal([]);
      await fleet().waiting(guest, 'b', calls.length + 1 + NODE_NAMES.length);
      expect(await notedOf('leaver', 'activated')).to.deep.equal(['b']);
      await gate.open();
      const answers = await Promise.all(calls);
      expect(answers.filter(({ error }) => error !== undefined)).to.deep.equal([]);
      const next = [...answers.map(({ value }) => (value as Stay).activation), (await own).activation];
      expect(new Set(next).size).to.equal(1);
      expect(next[0]).not.to.equal(activation);
      expect((await guest.stay()).nodes).to.have.length(2);
      await until(
        'the messages have come',
        async () => (await fleet().notes('leaver')).filter(({ what }) => what.startsWith('from')).length === 3,
      );
    });

    it('that cannot begin is an error of all who wait for it, on whichever node, and is tried again later', async () => {
      const [stillborn, gate] = [fleet().client.actor(Stillborn, 'stillborn'), fleet().client.actor(Gate, 'stillborn')];
      const first = fleet().call('a', stillborn, 'where');
      await until('it is being activated', async () => (await gate.arrivals()).length === 1);
      const others = (['b', 'c', 'a'] as const).flatMap((from) =>
        Array.from({ length: 5 }, () => fleet().call(from, stillborn, 'where')),
      );
      // Nobody who waits for it tries to activate it too.
      await fleet().waiting(stillborn, 'a', others.length + 1);
      expect(await gate.arrivals()).to.deep.equal(['a']);
      await gate.open();
      const outcomes = await Promise.all([first, ...others]);
      expect(outcomes.map(({ caller }) => caller)).to.include.members(['a', 'b', 'c']);
      for (const { error } of outcomes) {
        expect(error).to.include({ code: 'ACTIVATION_FAILED', executed: 'no' });
        expect(error?.cause).to.include({ name: 'RangeError', message: 'no life on a' });
      }
      expect(await notedOf('stillborn', 'tried')).to.deep.equal(['a']);
      await until('a later call tries again', async () => {
        await stillborn.where().catch(() => undefined);
        return (await notedOf('stillborn', 'tried')).length > 1;
      });
    });
  });
}
