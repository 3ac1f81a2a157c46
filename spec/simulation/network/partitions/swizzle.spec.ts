import { expect } from 'chai';
import { PartitionRule } from '../../../../lib/simulation/network/partitions/partition-rule';
import { swizzle } from '../../../../lib/simulation/network/partitions/swizzle';
import { engineOf, sleepIn } from '../../engine/engine-fixture';

const MACHINES = ['a', 'b', 'c', 'd', 'e'];

/** The order of stops and of restores, and the most machines that were stopped at a time. */
async function orders(
  seed: number,
  healAtMs?: number,
): Promise<{ stops: string[]; restores: string[]; endedAt: number | undefined; isActive: boolean }> {
  const engine = engineOf(seed);
  const partitions = new PartitionRule(() => undefined);
  const stops: string[] = [];
  const restores: string[] = [];
  engine.timeline.listen(
    ({ name, fields }) => void (name === 'swizzle-stop' ? stops : restores).push(String(fields['machine'])),
  );
  let endedAt: number | undefined;
  await engine.run(async () => {
    swizzle(
      engine,
      partitions,
      { machines: MACHINES, others: ['s'], forMs: 1_000, rolls: engine.rolls.sequence('spec') },
      () => (endedAt = engine.now),
    );
    if (healAtMs !== undefined) {
      await sleepIn(engine, healAtMs);
      partitions.healAll();
    }
    await sleepIn(engine, 2_000);
  });
  return { stops, restores, endedAt, isActive: partitions.isActive };
}

describe('A swizzle', () => {
  it('stops the links of all its machines one after another and restores them in another order', async () => {
    const different = new Set<string>();
    for (let seed = 1; seed <= 10; seed++) {
      const { stops, restores, endedAt, isActive } = await orders(seed);
      expect([...stops].sort()).to.deep.equal(MACHINES);
      expect([...restores].sort()).to.deep.equal(MACHINES);
      expect([endedAt, isActive]).to.deep.equal([1_000, false]);
      different.add(`${stops.join('')} ${restores.join('')}`);
    }
    expect(different.size).to.equal(10);
  });

  it('stops no more links after everything was healed', async () => {
    const { stops, isActive } = await orders(1, 250);
    expect(stops.length).to.be.lessThan(4);
    expect(isActive).to.equal(false);
  });
});
