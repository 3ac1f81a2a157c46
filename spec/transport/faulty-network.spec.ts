import { expect } from 'chai';
import { isMoonpoolError } from '../../lib/errors/moonpool-error';
import type { ChaosProfile } from '../../lib/simulation/chaos/profile/chaos-profile';
import { flipBits } from '../../lib/simulation/network/rules/bit-flip-rule';
import type { NetworkRule, Transfer, TransferVerdict } from '../../lib/simulation/network/transfers/transfer';
import { withTwoStations, type TwoStations } from './transport-fixture';

/** Lets both stations greet, then the faults begin. */
async function greet({ one, two, sleep, unleash }: TwoStations): Promise<void> {
  one.send(two, 'greeting');
  await sleep(100);
  expect(two.received).to.deep.equal(['greeting']);
  two.received.length = 0;
  unleash();
}

/** Sends numbered words for a while, through all losses of the connection. */
async function keepSending({ one, two, sleep }: TwoStations, count: number): Promise<readonly string[]> {
  const sent: string[] = [];
  for (let word = 0; word < count; word++) {
    if (one.trySend(two, `word ${word}`)) sent.push(`word ${word}`);
    await sleep(20);
  }
  await sleep(5_000);
  return sent;
}

/** Garbles the first delivery of data to the second station in a way that a spec chooses. */
class OneDamage implements NetworkRule {
  readonly name = 'one-damage';
  readonly stages = ['arrival'] as const;
  private isDone = false;

  constructor(private readonly bits: readonly number[]) {}

  judge({ kind, link }: Transfer): TransferVerdict | undefined {
    if (this.isDone || kind !== 'data' || link.to !== 'b') return undefined;
    this.isDone = true;
    return { kind: 'corrupt', bits: this.bits };
  }
}

/** Lets only so many bytes leave at once. */
class SmallWindow implements NetworkRule {
  readonly name = 'small-window';
  readonly stages = ['departure'] as const;

  constructor(private readonly windowBytes: number) {}

  judge({ bytes }: Transfer): TransferVerdict | undefined {
    return bytes > this.windowBytes ? { kind: 'split', bytes: this.windowBytes } : undefined;
  }
}

describe('The transport on a faulty network', () => {
  it('tears a connection down when a delivery was garbled, makes another, and hands nothing on that was not sent', async () => {
    let torn = 0;
    for (let seed = 1; seed <= 10; seed++) {
      await withTwoStations(
        seed,
        async (parts) => {
          await greet(parts);
          const sent = await keepSending(parts, 100);
          expect(sent).to.include.members(parts.two.received);
          expect(parts.two.received.length).to.be.greaterThan(20);
          torn += parts.two.losses.filter(({ cause }) => isMoonpoolError(cause, 'CORRUPT_PACKET')).length;
          for (const { code } of parts.two.losses) expect(code).to.be.oneOf(['CONNECTION_LOST', 'CONNECTION_FAILED']);
        },
        { bitFlips: { probability: 0.02 } },
      );
    }
    expect(torn).to.be.greaterThan(5);
  });

  // Seed 344 of the bank: callers got CORRUPT_PACKET, by which nobody knows that another attempt may succeed.
  it('calls a connection lost whose greeting was garbled, with the damage as the cause', () =>
    withTwoStations(1, async (parts) => {
      parts.world.network.conditions.addFault(new OneDamage([100]));
      parts.unleash();
      parts.one.send(parts.two, 'waits for the greeting');
      await parts.sleep(100);
      expect(parts.two.losses[0]).to.have.property('code', 'CONNECTION_LOST');
      expect(parts.two.losses[0]?.cause).to.have.property('code', 'CORRUPT_PACKET');
    }));

  it('does not wait for ever for the rest of a packet whose length was garbled, though heartbeats arrive', () =>
    withTwoStations(1, async (parts) => {
      await greet(parts);
      // Bit 19 of the length, which the checksum does not cover: the packet now has half a megabyte.
      expect(flipBits(Buffer.from([9, 0, 0, 0]), [19])[2]).to.equal(8);
      parts.world.network.conditions.addFault(new OneDamage([19]));
      parts.one.send(parts.two, 'lost in a packet that never ends');
      for (let word = 0; word < 20; word++) {
        parts.one.trySend(parts.two, `word ${word}`);
        await parts.sleep(500);
      }
      expect(parts.two.losses[0]?.message).to.contain('nothing was heard for');
      expect(parts.two.received).to.include('word 19');
    }));

  it('takes a large packet on a slow link for what it is, and not for silence', () =>
    withTwoStations(
      1,
      async (parts) => {
        const text = 'x'.repeat(900_000);
        parts.world.network.conditions.addRule(new SmallWindow(6_000));
        parts.one.send(parts.two, text);
        while (parts.two.received.length === 0) await parts.sleep(100);
        expect(parts.engine.now).to.be.greaterThan(5_000);
        expect([parts.two.received[0] === text, parts.two.losses.length]).to.deep.equal([true, 0]);
      },
      { delivery: { lowMs: 40, highMs: 40 } },
    ));

  const silent: Partial<ChaosProfile> = {
    vanishing: { halfOpenProbability: 0, blackHoleProbability: 1, minResetMs: 0, maxResetMs: 0 },
  };

  it('notices by its silence limit that nothing gets through a connection any more', () =>
    withTwoStations(
      1,
      async (parts) => {
        await greet(parts);
        parts.one.send(parts.two, 'into the dark');
        await parts.sleep(100);
        parts.world.network.conditions.setFaulty(false);
        await parts.sleep(5_000);
        expect(parts.one.losses[0]?.message).to.contain('nothing was heard for');
        parts.one.send(parts.two, 'on another connection');
        await parts.sleep(100);
        expect(parts.two.received).to.deep.equal(['on another connection']);
      },
      silent,
    ));

  it('notices a half-open connection by its reset or by its silence, and makes another', async () => {
    const reasons = new Set<string>();
    for (let seed = 1; seed <= 10; seed++) {
      await withTwoStations(
        seed,
        async (parts) => {
          await greet(parts);
          parts.one.send(parts.two, 'to nobody');
          await parts.sleep(10);
          parts.world.network.conditions.setFaulty(false);
          expect([parts.one.losses.length, parts.two.losses.length]).to.deep.equal([0, 1]);
          await parts.sleep(6_000);
          reasons.add(parts.one.losses[0]?.message.includes('nothing was heard') === true ? 'silence' : 'reset');
          parts.one.send(parts.two, 'on another connection');
          await parts.sleep(100);
          expect(parts.two.received).to.deep.equal(['on another connection']);
        },
        { vanishing: { halfOpenProbability: 1, blackHoleProbability: 0, minResetMs: 100, maxResetMs: 1_000 } },
      );
    }
    expect([...reasons].sort()).to.deep.equal(['reset', 'silence']);
  });

  it('survives connections that close for one side alone: the other notices, and both talk again', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      await withTwoStations(
        seed,
        async (parts) => {
          await greet(parts);
          await keepSending(parts, 100);
          parts.world.network.conditions.setFaulty(false);
          await parts.sleep(5_000);
          parts.two.received.length = 0;
          parts.one.send(parts.two, 'afterwards');
          await parts.sleep(100);
          expect(parts.two.received, `seed ${seed}`).to.deep.equal(['afterwards']);
        },
        { closes: { probability: 0.1, cooldownMs: 100 } },
      );
    }
  });

  it('gives a request to connect up that hangs, and tries again later', async () => {
    let hung = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const engine = await withTwoStations(
        seed,
        async (parts) => {
          parts.unleash();
          const sentAt = parts.engine.now;
          parts.one.send(parts.two, 'first');
          await parts.sleep(3_500);
          if (!parts.engine.faults.has('connect-hangs')) return;
          hung++;
          expect(parts.one.losses[0]?.message).to.match(/the handshake took longer than 2000 ms|could be made/);
          parts.world.network.conditions.setFaulty(false);
          await parts.sleep(3_500);
          expect(parts.one.trySend(parts.two, 'second')).to.equal(true);
          await parts.sleep(100);
          expect([parts.two.received, parts.engine.now - sentAt > 7_000]).to.deep.equal([['second'], true]);
        },
        { connects: { refusedProbability: 0, hangsProbability: 1 } },
      );
      expect([...engine.faults.keys()].every((site) => site === 'connect-hangs')).to.equal(true);
    }
    expect(hung).to.be.greaterThan(4);
  });

  it('says that a node which refuses its connections cannot be reached', async () => {
    let refused = 0;
    for (let seed = 1; seed <= 10; seed++) {
      await withTwoStations(
        seed,
        async (parts) => {
          parts.unleash();
          parts.one.send(parts.two, 'first');
          await parts.sleep(50);
          if (!parts.engine.faults.has('connect-refused')) return;
          refused++;
          expect(parts.one.losses[0]).to.have.property('code', 'NODE_UNREACHABLE');
          expect(parts.one.losses[0]?.cause).to.have.property('code', 'CONNECTION_REFUSED');
        },
        { connects: { refusedProbability: 1, hangsProbability: 0 } },
      );
    }
    expect(refused).to.be.greaterThan(1);
  });

  const harmless: readonly [what: string, profile: Partial<ChaosProfile>][] = [
    ['clogs', { clogs: { probability: 0.1, minMs: 50, maxMs: 200 } }],
    ['losses', { losses: { probability: 0.05 } }],
    ['short writes and reads', { shortTransfers: { probability: 0.8, keepBytes: 10 } }],
    ['temporary cuts', { temporaryCuts: { probability: 0.02, minMs: 100, maxMs: 1_000 } }],
  ];
  for (const [what, profile] of harmless) {
    it(`delivers everything once and in order through ${what}`, async () => {
      let struck = 0;
      for (let seed = 1; seed <= 5; seed++) {
        const engine = await withTwoStations(
          seed,
          async (parts) => {
            await greet(parts);
            const sent = await keepSending(parts, 100);
            expect(sent).to.have.length(100);
            parts.world.network.conditions.setFaulty(false);
            await parts.sleep(5_000);
            expect(parts.two.received).to.deep.equal(sent);
            expect(parts.one.losses).to.have.length(0);
          },
          profile,
        );
        struck += [...engine.faults.values()].reduce((sum, count) => sum + count, 0);
      }
      expect(struck).to.be.greaterThan(5);
    });
  }
});
