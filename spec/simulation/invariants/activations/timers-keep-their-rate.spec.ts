import { expect } from 'chai';
import type { TimelineEvent } from '../../../../lib/simulation/timeline/timeline';
import { TimersKeepTheirRate } from '../../../../lib/simulation/invariants/activations/timers-keep-their-rate';

/** What happens to one activation: when, what, and of which timer or call. */
type Moment = readonly [at: number, name: TimelineEvent['name'], fields?: TimelineEvent['fields']];

const TIMER = { timer: 'timer 1 sweep' };
const set = (everyMs: number, afterMs = everyMs): Moment => [0, 'timer-set', { ...TIMER, everyMs, afterMs }];
const tick = (at: number, forMs = 1): readonly Moment[] => [
  [at, 'turn-start', TIMER],
  [at + forMs, 'turn-end', TIMER],
];

function judge(...moments: readonly Moment[]): string | undefined {
  const invariant = new TimersKeepTheirRate();
  for (const [index, [at, name, fields = {}]] of moments.entries()) {
    const wrong = invariant.observe({
      sequence: index + 1,
      at,
      node: 'node1',
      generation: 1,
      name,
      fields: { actor: 'bank/Account/alice', activation: 'a', ...fields },
    });
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** Twenty ticks, each so much after the one before. */
const ticks = (gapMs: number, forMs = 1): readonly Moment[] =>
  Array.from({ length: 20 }, (_, index) => tick((index + 1) * gapMs, forMs)).flat();

describe('Timers keep their rate', () => {
  it('holds for ticks that are due, also for those that take longer than the period', () => {
    expect(judge(set(100), ...ticks(100))).to.equal(undefined);
    expect(judge(set(100, 200), ...ticks(200, 150))).to.equal(undefined);
    expect(judge(set(100), ...ticks(100.1)), 'clocks drift').to.equal(undefined);
  });

  it('is broken by ticks that are mostly late or early', () => {
    expect(judge(set(100), ...ticks(200))).to.match(/of \d+ ticks of the timer 1 sweep .* were late/);
    expect(judge(set(100), ...ticks(50))).to.match(/period of 100 ms, 0 were late and \d+ early/);
  });

  it('excuses ticks that waited for other turns, and for their process', () => {
    const busy = Array.from({ length: 20 }, (_, index): readonly Moment[] => [
      [index * 200 + 90, 'turn-start', { call: 'c' }],
      [index * 200 + 180, 'turn-end', { call: 'c' }],
      ...tick(index * 200 + 180),
    ]).flat();
    expect(judge(set(100), ...busy)).to.equal(undefined);
    expect(
      judge(set(100), [50, 'pause', {}], [15_000, 'resume', {}], ...tick(15_000), [15_050, 'deactivate']),
    ).to.equal(undefined);
  });

  it('is broken by a timer that stops', () => {
    expect(judge(set(100), ...tick(100), [15_000, 'deactivate'])).to.contain('has not ticked for');
    expect(judge(set(100), ...tick(100), [150, 'timer-cancelled', TIMER], [15_000, 'deactivate'])).to.equal(undefined);
  });

  it('is broken by a tick after the timer was cancelled', () => {
    expect(judge(set(100), ...tick(100), [150, 'timer-cancelled', TIMER], ...tick(200))).to.contain(
      'ticked after it was cancelled',
    );
    expect(
      judge(set(100), [100, 'turn-start', TIMER], [100, 'timer-cancelled', TIMER], [101, 'turn-end', TIMER]),
      'in its own tick',
    ).to.equal(undefined);
  });
});
