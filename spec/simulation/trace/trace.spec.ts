import { expect } from 'chai';
import { ComparingTrace, RecordingTrace, type Trace } from '../../../lib/simulation/trace/trace';
import { engineOf, errorOf, sleepIn } from '../engine/engine-fixture';

async function run(trace: Trace, extraMs: number, rounds = 5): Promise<void> {
  const engine = engineOf(3, { trace });
  await engine.run(async () => {
    for (let round = 0; round < rounds; round++) {
      await sleepIn(engine, round === 3 ? 10 + extraMs : 10);
      engine.record(undefined, 'round', { round });
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
});
