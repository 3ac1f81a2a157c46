import { expect } from 'chai';
import { connect, withTwoMachines } from '../network-fixture';

const THERE = { from: 'a', to: 'b' };

describe('A clogged link', () => {
  for (const side of ['writing', 'reading'] as const) {
    it(`delivers after its time what is sent on it, whole and in order, when it is clogged for ${side}`, () =>
      withTwoMachines(1, async (parts) => {
        const { near, far } = await connect(parts);
        parts.world.clogs.clog(THERE, side, 500);
        for (const piece of ['one ', 'two ', 'three']) near.say(piece);
        far.say('the other way is free');
        await parts.sleep(490);
        expect([far.text, near.text]).to.deep.equal(['', 'the other way is free']);
        await parts.sleep(20);
        expect(far.text).to.equal('one two three');
      }));
  }

  it('holds what has left before when it is clogged for reading, and lets it through when for writing', () =>
    withTwoMachines(1, async (parts) => {
      const { near, far } = await connect(parts);
      near.say('on its way');
      parts.world.clogs.clog(THERE, 'writing', 500);
      await parts.sleep(5);
      expect(far.text).to.equal('on its way');
      near.say(', and read');
      await parts.sleep(510);
      near.say(', and not');
      parts.world.clogs.clog(THERE, 'reading', 500);
      await parts.sleep(400);
      expect(far.text).to.equal('on its way, and read');
    }));

  it('stays so without an end until it is freed', () =>
    withTwoMachines(1, async (parts) => {
      const { near, far } = await connect(parts);
      parts.world.clogs.clog(THERE, 'writing');
      near.say('patience');
      await parts.sleep(100_000);
      expect(far.text).to.equal('');
      parts.world.clogs.unclog([THERE]);
      await parts.sleep(300);
      expect(far.text).to.equal('patience');
    }));

  for (const side of ['writing', 'reading'] as const) {
    it(`delivers at once what waits for its time, when it is freed before, clogged for ${side}`, () =>
      withTwoMachines(1, async (parts) => {
        const { near, far } = await connect(parts);
        parts.world.clogs.clog(THERE, side, 60_000);
        near.say('one ');
        near.say('two');
        await parts.sleep(1_000);
        expect(far.text).to.equal('');
        parts.world.clogs.unclog([{ from: 'b', to: 'a' }]);
        await parts.sleep(1_000);
        expect(far.text).to.equal('');
        parts.world.clogs.unclog([THERE]);
        await parts.sleep(5);
        expect(far.text).to.equal('one two');
      }));
  }

  it('is clogged by chance for as long as the profile says, for writing and reading apart', async () => {
    const engine = await withTwoMachines(
      1,
      async (parts) => {
        const { near, far } = await connect(parts);
        parts.unleash();
        let longestMs = 0;
        for (let piece = 0; piece < 100; piece++) {
          const sentAt = parts.engine.now;
          const length = far.text.length;
          near.say('x');
          while (far.text.length === length) await parts.sleep(1);
          longestMs = Math.max(longestMs, parts.engine.now - sentAt);
        }
        // Clogged for writing and then for reading, once or more.
        expect(longestMs).to.be.within(200, 2_000);
      },
      { clogs: { probability: 0.1, minMs: 100, maxMs: 300 } },
    );
    expect([...engine.faults.keys()].sort()).to.deep.equal(['clog-read', 'clog-write']);
  });
});
