import { expect } from 'chai';
import { AnswerForgetting } from '../../lib/persistence/answer-forgetting';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { MemoryStorage } from '../../lib/storage/memory-storage';
import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import { ManualTimers } from '../scheduling/manual-timers';

describe('Answers that are past their window', () => {
  it('are forgotten sooner or later, however many there are, also after the store has failed', async () => {
    const time = new ManualTimers();
    const storage = new MemoryStorage(() => time.now());
    await storage.claim('a');
    const answers = Array.from({ length: 1_200 }, (_, index) => ({ key: `k${index}`, data: Uint8Array.of(1) }));
    await storage.commit({ actor: 'a', epoch: 1, version: 0, writeId: 'w', answers });
    // The last is that of an engine which somebody else has made.
    const failures = [new MoonpoolError('STORAGE_UNAVAILABLE', { message: 'not now' }), new TypeError('no such table')];
    const noted: string[] = [];
    const proper = storage.forget.bind(storage);
    storage.forget = async (forgetting) => {
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return proper(forgetting);
    };
    const forgetting = new AnswerForgetting({
      storage,
      time,
      random: new Xoshiro128(1),
      refusals: { note: (kind, _source, details) => void noted.push(`${kind}: ${String(details?.().error)}`) },
      options: { answerWindowMs: 60_000 },
    });
    const pass = async (ms: number): Promise<void> => {
      time.pass(ms);
      await new Promise((resolve) => setImmediate(resolve));
    };
    forgetting.start();
    await pass(10_000);
    await pass(10_000);
    expect(noted.map((line) => line.replace(/: MoonpoolError: .*/, ''))).to.deep.equal([
      'answers that are past their window could not be forgotten',
      'answers that are past their window could not be forgotten: TypeError: no such table',
    ]);
    expect(await storage.answer('a', 'k0')).to.not.equal(undefined);
    for (let round = 0; round < 4; round++) await pass(30_000);
    for (const key of ['k0', 'k600', 'k1199']) expect(await storage.answer('a', key)).to.equal(undefined);
    forgetting.stop();
    await pass(60_000);
    expect(time.timers).to.equal(0);
  });
});
