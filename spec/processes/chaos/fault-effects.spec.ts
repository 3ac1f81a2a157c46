import { expect } from 'chai';
import { effectsOf, silencesOf } from './fault-effects';
import type { Fault } from './fault-plan';
import type { Answer, TimedOperation } from './history-file';
import type { DoneFault } from './nemesis';

const MS = 1_000;

/** Operations on one actor; times in milliseconds. */
function operations(
  ...all: readonly (readonly [client: string, beganAt: number, endedAt: number, answer: Answer])[]
): readonly TimedOperation[] {
  return all.map(([client, beganAt, endedAt, answer], index) => ({
    ...{ index, client, key: 'list-0', kind: 'append', answer, code: undefined },
    ...{ beganAt: beganAt * MS, endedAt: endedAt * MS },
  }));
}

function lasting(fault: Fault, beganAt: number, endedAt: number): DoneFault {
  return { fault, beganAt: beganAt * MS, endedAt: endedAt * MS };
}

describe('What faults do to those who ask', () => {
  it('is a silence from when an actor is asked until it gives an answer, over errors', () => {
    const silences = silencesOf(operations(['a', 0, 10, 'ok'], ['a', 500, 1_000, 'maybe'], ['b', 1_200, 1_300, 'ok']));
    expect(silences.map(({ from, to }) => (to - from) / MS)).to.deep.equal([10, 800]);
  });

  it('is no silence while nobody asks', () => {
    const silences = silencesOf(operations(['a', 0, 10, 'no'], ['b', 60_000, 60_005, 'ok']));
    expect(silences.map(({ from, to }) => (to - from) / MS)).to.deep.equal([5]);
  });

  it('counts operations for each fault in whose time they began, and silences for the one that they fill longest', () => {
    const done = [
      lasting({ kind: 'kill', atMs: 0, node: 'node1', downMs: 0 }, 1_000, 1_010),
      lasting({ kind: 'server', atMs: 0, downMs: 0 }, 1_500, 4_000),
    ];
    const [kill, server] = effectsOf(done, operations(['a', 1_600, 4_600, 'ok'], ['a', 9_000, 9_001, 'no']), 1_000);
    expect(kill).to.deep.include({ kind: 'kill', times: 1, longestSilenceMs: 0 });
    expect(server).to.deep.include({ kind: 'server', times: 1, longestSilenceMs: 3_000 });
    expect([kill?.answers.ok, server?.answers.ok, server?.answers.no]).to.deep.equal([1, 1, 0]);
  });

  it('leaves out the silence of whoever was itself stopped', () => {
    const done = [lasting({ kind: 'stop', atMs: 0, node: 'node1', forMs: 0 }, 0, 3_000)];
    const [stop] = effectsOf(done, operations(['node1', 100, 3_100, 'ok'], ['node2', 200, 700, 'ok']), 1_000);
    expect(stop?.longestSilenceMs).to.equal(500);
  });
});
