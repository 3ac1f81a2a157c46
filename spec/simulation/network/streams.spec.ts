import { expect } from 'chai';
import type { ChaosProfile } from '../../../lib/simulation/chaos/profile/chaos-profile';
import { connect, withTwoMachines } from './network-fixture';

/** Everything that disturbs streams without garbling them, often. */
const ROUGH: Partial<ChaosProfile> = {
  delivery: { lowMs: 0.05, highMs: 5, shape: 'exponential' },
  clogs: { probability: 0.05, minMs: 10, maxMs: 50 },
  losses: { probability: 0.05 },
  shortTransfers: { probability: 0.5, keepBytes: 20 },
  temporaryCuts: { probability: 0.01, minMs: 10, maxMs: 200 },
};
const BREAKING: Partial<ChaosProfile> = {
  ...ROUGH,
  closes: { probability: 0.01, cooldownMs: 100 },
  vanishing: { halfOpenProbability: 0.005, blackHoleProbability: 0.005, minResetMs: 10, maxResetMs: 100 },
};

/** Both sides talk for a while and then end; returns what each said and heard. */
async function converse(
  seed: number,
  profile: Partial<ChaosProfile>,
): Promise<{ said: string[]; heard: string[]; closes: number[]; inOrder: boolean }> {
  const said = ['', ''];
  const outcome = { said, heard: ['', ''], closes: [0, 0], inOrder: false };
  await withTwoMachines(
    seed,
    async (parts) => {
      const { near, far } = await connect(parts);
      parts.unleash();
      const ears = [near, far] as const;
      for (let piece = 0; piece < 40; piece++) {
        for (const [side, ear] of ears.entries()) {
          const text = `${piece}${'.'.repeat((piece * 7) % 50)} `;
          // Room that is missing is asked for by the answer; the text is taken all the same while the connection lives.
          if (ear.closes === 0 && !ear.hasEnded) {
            ear.say(text);
            said[side] += text;
          }
        }
        await parts.sleep((piece * 3) % 11);
      }
      for (const ear of ears) ear.connection.end();
      await parts.sleep(200_000);
      outcome.heard = ears.map(({ text }) => text);
      outcome.closes = ears.map(({ closes }) => closes);
      const errors = await Promise.all(
        ears.map((ear) => (ear.closes > 0 ? ear.closed.promise : new Error('still open'))),
      );
      outcome.inOrder = errors.every((error) => error === undefined);
    },
    profile,
  );
  return outcome;
}

describe('A stream', () => {
  it('is lossless and in order through everything that does not break it, and ends after its data', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { said, heard, closes, inOrder } = await converse(seed, ROUGH);
      expect([heard[1], heard[0]], `seed ${seed}`).to.deep.equal(said);
      expect([closes, inOrder]).to.deep.equal([[1, 1], true]);
    }
  });

  it('that breaks has given a beginning of what was said and nothing else, and each side is notified once at most', async () => {
    let broken = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const { said, heard, closes } = await converse(seed, BREAKING);
      expect(said[0]?.startsWith(heard[1] ?? ''), `seed ${seed}`).to.equal(true);
      expect(said[1]?.startsWith(heard[0] ?? ''), `seed ${seed}`).to.equal(true);
      for (const count of closes) expect(count).to.be.at.most(1);
      if (heard[1] !== said[0]) broken++;
    }
    expect(broken).to.be.greaterThan(20);
  });
});
