import { expect } from 'chai';
import { PerfettoTrace } from '../../../lib/simulation/report/perfetto-trace';
import type { TimelineEvent } from '../../../lib/simulation/timeline/timeline';

let sequence = 0;
const event = (
  at: number,
  node: string,
  name: TimelineEvent['name'],
  fields: TimelineEvent['fields'] = {},
): TimelineEvent => ({
  sequence: ++sequence,
  at,
  node,
  generation: node === '' ? 0 : 1,
  name,
  fields,
});
const turn = { activation: 'node1#1/1', turn: 1, actor: 'x/A/a' };

describe('A trace for Perfetto', () => {
  const bars = (...events: readonly TimelineEvent[]) => {
    const trace = new PerfettoTrace();
    for (const each of events) trace.add(each);
    return trace.toJSON().traceEvents;
  };

  it('shows a turn as a bar on the track of its actor, in the process of its node', () => {
    const entries = bars(
      event(1, 'node1', 'turn-start', { ...turn, method: 'go' }),
      event(4, 'node1', 'turn-end', { ...turn, outcome: 'ok' }),
    );
    const bar = entries.find(({ ph }) => ph === 'X');
    expect(bar).to.deep.include({ name: 'go', ts: 1_000, dur: 3_000 });
    expect(bar?.args).to.deep.include({ outcome: 'ok' });
    expect(entries.filter(({ ph }) => ph === 'M').map(({ args }) => args?.['name'])).to.deep.equal(['node1', 'x/A/a']);
  });

  it('ends a turn with the death of its node, and one that never ends with the run', () => {
    const died = bars(
      event(1, 'node1', 'turn-start', { ...turn, method: 'go' }),
      event(3, 'node1', 'death'),
      event(9, '', 'fault', { name: 'loss a>b #1' }),
    );
    expect(died.find(({ ph }) => ph === 'X')).to.deep.include({ dur: 2_000 });
    expect(died.find(({ name }) => name === 'loss a>b #1')).to.deep.include({ ph: 'i', ts: 9_000 });
    const open = bars(event(1, 'node1', 'turn-start', { ...turn, method: 'go' }), event(6, '', 'heal'));
    expect(open.find(({ ph }) => ph === 'X')?.args).to.deep.include({ outcome: 'unfinished' });
  });
});
