import { expect } from 'chai';
import { Deferred } from '../../lib/concurrency/deferred';
import { Broadcast, type SlowReceiverPolicy } from '../../lib/local-actors/broadcast';
import { codeOf, simulated, type LocalFixture } from './local-fixture';

interface News {
  readonly number: number;
  readonly tags: readonly string[];
}

const news = (number: number): News => ({ number, tags: ['a'] });

/** Two receivers, of which the second handles nothing before its gate is opened, and has room for one message beside that. */
async function twoReceivers({ system }: LocalFixture, slow: SlowReceiverPolicy, timeoutMs = 1_000) {
  const gate = new Deferred<void>();
  const [quick, slowly]: [News[], News[]] = [[], []];
  const first = system.spawn<News>(() => ({ receive: (message) => void quick.push(message) }));
  const second = system.spawn<News>(
    () => ({
      async receive(message) {
        await gate.promise;
        slowly.push(message);
      },
    }),
    { mailboxCapacity: 1 },
  );
  await Promise.all([first.whenStarted(), second.whenStarted()]);
  const broadcast = new Broadcast<News>({ slow, timeoutMs });
  broadcast.subscribe(second);
  broadcast.subscribe(first);
  const numbers = (of: readonly News[]) => of.map(({ number }) => number);
  return { gate, quick, slowly, first, second, broadcast, numbers };
}

describe('A broadcast', () => {
  it(
    'gives all receivers the very same frozen object',
    simulated(async (fixture) => {
      const { gate, quick, slowly, broadcast, second } = await twoReceivers(fixture, 'drop');
      gate.resolve();
      const message = news(1);
      expect(await broadcast.publish(message)).to.deep.equal({ delivered: 2, missed: 0, ended: 0 });
      await second.stop();
      expect([quick[0], slowly[0]]).to.satisfy((got: readonly unknown[]) => got.every((one) => one === message));
      expect([Object.isFrozen(message), Object.isFrozen(message.tags)]).to.deep.equal([true, true]);
    }),
  );

  it(
    'leaves out receivers without room, and counts that',
    simulated(async (fixture) => {
      const { gate, quick, slowly, broadcast, second, numbers } = await twoReceivers(fixture, 'drop');
      for (const number of [1, 2, 3, 4]) await broadcast.publish(news(number));
      expect(numbers(quick)).to.deep.equal([1, 2, 3, 4]);
      expect(broadcast.counts).to.deep.equal({ delivered: 6, missed: 2, ended: 0 });
      gate.resolve();
      await second.stop();
      expect(numbers(slowly)).to.deep.equal([1, 2]);
    }),
  );

  it(
    'may wait for receivers without room, which holds no other back and keeps the order',
    simulated(async (fixture) => {
      const { gate, quick, slowly, broadcast, second, numbers } = await twoReceivers(fixture, 'wait');
      const published = [1, 2, 3].map((number) => broadcast.publish(news(number)));
      await fixture.time.sleep(10);
      expect(numbers(quick)).to.deep.equal([1, 2, 3]);
      expect(slowly).to.deep.equal([]);
      gate.resolve();
      await Promise.all(published);
      await second.stop();
      expect(numbers(slowly)).to.deep.equal([1, 2, 3]);
      expect(broadcast.counts).to.deep.equal({ delivered: 6, missed: 0, ended: 0 });
    }),
  );

  it(
    'waits for each only as long as it may',
    simulated(async (fixture) => {
      const { broadcast } = await twoReceivers(fixture, 'wait', 100);
      const counts = await Promise.all([1, 2, 3].map((number) => broadcast.publish(news(number))));
      expect(counts[2]).to.deep.equal({ delivered: 1, missed: 1, ended: 0 });
    }),
  );

  it(
    'may fail when a receiver has no room; the others have got the message',
    simulated(async (fixture) => {
      const { quick, broadcast, numbers } = await twoReceivers(fixture, 'fail');
      await broadcast.publish(news(1));
      await broadcast.publish(news(2));
      expect(await codeOf(broadcast.publish(news(3)))).to.equal('BROADCAST_INCOMPLETE yes');
      await fixture.time.sleep(1);
      expect(numbers(quick)).to.deep.equal([1, 2, 3]);
    }),
  );

  it(
    'forgets who has ended or wants no more',
    simulated(async (fixture) => {
      const { broadcast, first, quick } = await twoReceivers(fixture, 'drop');
      const unsubscribe = broadcast.subscribe({
        trySend: (message) => void quick.push(message),
        send: () => Promise.resolve(),
      });
      await first.stop();
      expect(await broadcast.publish(news(1))).to.deep.equal({ delivered: 2, missed: 0, ended: 1 });
      unsubscribe();
      expect(broadcast.size).to.equal(1);
    }),
  );
});
