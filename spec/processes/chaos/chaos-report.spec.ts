import { expect } from 'chai';
import { describeNotDone, describeRun, hasFailed } from './chaos-report';
import type { ChaosResult } from './chaos-run';

const RESULT: ChaosResult = {
  engine: 'sqlite',
  network: 'proxies',
  plan: [],
  effects: [{ kind: 'kill', times: 3, answers: { ok: 40, no: 1, maybe: 2, yes: 0, open: 1 }, longestSilenceMs: 512.4 }],
  answers: { ok: 90, no: 1, maybe: 2, yes: 0, open: 1 },
  failures: { idempotent: { calls: 40, failed: 1 }, other: { calls: 54, failed: 3 } },
  errors: new Map([['CALL_TIMEOUT', 3]]),
  judgement: { failed: [], keys: 12, strangeErrors: [] },
  violations: [],
  remarks: ['node1 ended with 1: The node node1#3 stopped', 'node2 ended with 1: The node node2#5 stopped'],
  kept: undefined,
};

const LOST = { kind: 'violated', description: 'what was acknowledged is gone' } as const;
const UNDECIDED = { kind: 'undecided', description: 'the search was given up' } as const;

describe('The report of a campaign of chaos', () => {
  it('has a row for each kind of fault, all operations by outcome, and what was not done in this run', () => {
    const lines = describeRun(RESULT, false).split('\n');
    expect(lines).to.include('| kill -9 of a node | 3 | 40 | 1 | 2 | 0 | 1 | 512 ms |');
    expect(lines).to.include('| all operations |  | 90 | 1 | 2 | 0 | 1 |  |');
    expect(lines).to.include('1 of 40 idempotent calls failed').and.include('3 of 54 other calls failed');
    expect(lines).to.include('Errors: 3 CALL_TIMEOUT');
    expect(lines).to.include('Not done in this run: stop, cut, stall, loss, unplug, clock, restart, store, server');
    expect(lines).to.include('0 violations on 12 keys');
    expect(lines.at(-1)).to.equal('  2 times: nodeN ended with N: The node nodeN#N stopped');
  });

  it('shows violations, and where their histories are', () => {
    const text = describeRun({ ...RESULT, violations: [LOST], kept: 'kept-here' }, false);
    expect(text).to.contain('1 violations').and.contain(LOST.description).and.contain('kept-here');
  });

  it('fails for a violation and for what was not decided, and a control for the lack of a violation', () => {
    expect(hasFailed(RESULT, false)).to.equal(false);
    expect(hasFailed({ ...RESULT, violations: [LOST] }, false)).to.equal(true);
    expect(hasFailed({ ...RESULT, violations: [UNDECIDED] }, false)).to.equal(true);
    expect(hasFailed(RESULT, true)).to.equal(true);
    expect(hasFailed({ ...RESULT, violations: [UNDECIDED] }, true)).to.equal(true);
    expect(hasFailed({ ...RESULT, violations: [LOST] }, true)).to.equal(false);
  });

  it('names what cannot be done on a machine, and with what it could', () => {
    expect(describeNotDone()).to.match(/netem.*tc is (not )?on this machine/);
    expect(describeNotDone()).to.match(/libfaketime.*faketime is (not )?on this machine/);
  });
});
