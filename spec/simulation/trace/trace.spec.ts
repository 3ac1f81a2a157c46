import { expect } from 'chai';
import type { SimulationEngine } from '../../../lib/simulation/engine/simulation-engine';
import { eventKind } from '../../../lib/simulation/timeline/event-queue';
import type { NodeLife } from '../../../lib/simulation/timeline/node-life';
import { ComparingTrace, RecordingTrace, type Trace } from '../../../lib/simulation/trace/trace';
import { engineOf, errorOf, sleepIn } from '../engine/engine-fixture';

const OTHER = eventKind('spec');

async function run(trace: Trace, extraMs: number, rounds = 5): Promise<void> {
  const engine = engineOf(3, { trace });
  await engine.run(async () => {
    for (let round = 0; round < rounds; round++) {
      await sleepIn(engine, round === 3 ? 10 + extraMs : 10);
      engine.record(undefined, 'test:round', { round });
    }
  });
}

describe('Comparing two runs of a seed', () => {
  it('finds nothing where they are the same', async () => {
    const first = new RecordingTrace();
    await run(first, 0);
    const second = new ComparingTrace(first);
    await run(second, 0);
    expect(second.parting()).to.equal(undefined);
  });

  it('names the first event that differs, in both runs, and what both had done before', async () => {
    const first = new RecordingTrace();
    await run(first, 0);
    const error = await errorOf(run(new ComparingTrace(first), 1));
    expect(error).to.have.property('code', 'SIMULATION_NOT_DETERMINISTIC');
    expect(error.message).to.match(/both: .*round=2/);
    expect(error.message).to.match(/first: {2}0\.040000s world spec/);
    expect(error.message).to.match(/second: 0\.041000s world spec/);
  });

  it('notices a run that ends before the other', async () => {
    const first = new RecordingTrace();
    await run(first, 0);
    const shorter = new ComparingTrace(first);
    await run(shorter, 0, 4);
    expect(shorter.parting()?.message).to.match(/second: \(had ended\)/);
  });

  it('names the line of the user that asked for what differs, in each of them', async () => {
    const asking = async (trace: Trace, isFirst: boolean): Promise<void> => {
      const engine = engineOf(3, { trace });
      const life = engine.beginLife('node1', 1);
      await engine.run(async () => {
        for (let round = 0; round < 3; round++) await sleepIn(engine, 10, life);
        await (isFirst ? sleepIn(engine, 20, life) : otherwise(engine, life));
      });
    };
    const first = new RecordingTrace();
    await asking(first, true);
    const { message } = await errorOf(asking(new ComparingTrace(first), false));
    const places = [...message.matchAll(/(first: |second:).* asked for at (\S+)/g)].map(([, which, place]) => [
      which,
      place,
    ]);
    const [[, sleep] = [], [, other] = []] = places;
    expect(places.map(([which]) => which)).to.deep.equal(['first: ', 'second:']);
    expect(other).to.contain('trace.spec').and.not.to.equal(sleep);
    expect(message).to.contain(`Code of the application last asked for something at ${other}`);
  });
});

/** Waits somewhere else than {@link sleepIn} does. */
function otherwise(engine: SimulationEngine, life: NodeLife): Promise<void> {
  return new Promise<void>((resolve) => void engine.schedule(15, OTHER, life, resolve));
}
