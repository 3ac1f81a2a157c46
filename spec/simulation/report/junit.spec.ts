import { expect } from 'chai';
import { toJunit } from '../../../lib/simulation/report/junit';
import { toRecord } from '../../../lib/simulation/report/report-record';
import { SimulationReport } from '../../../lib/simulation/runner/simulation-report';
import type { SeedResult } from '../../../lib/simulation/seed-run/seed-result';

const passing: SeedResult = {
  seed: 1,
  recipe: { seed: 1 },
  error: undefined,
  hash: 'ab',
  events: 10,
  virtualMs: 5,
  realMs: 2_000,
  coverage: [['rare', { kind: 'sometimes', looked: 1, fired: 0 }]],
  faults: new Map([
    ['z', 1],
    ['a', 2],
  ]),
  struck: [],
  accesses: [],
  discoveries: [],
  staleCalls: 0,
  lastEvents: [],
};

const report = (...results: readonly Partial<SeedResult>[]) => {
  const all = new SimulationReport('Bank works', (seed) => `replay ${seed}`);
  for (const result of results) all.add({ ...passing, ...result });
  return all;
};

describe('Reports for machines', () => {
  it('hold what happened, with the failures and how to replay them', () => {
    const record = toRecord(report({}, { seed: 2, error: new Error('lost <7>'), struck: ['x'] }), false);
    expect(record).to.deep.include({
      title: 'Bank works',
      passed: false,
      seeds: 2,
      events: 20,
      faults: { a: 4, z: 2 },
      unfired: ['rare'],
    });
    expect(record.failures).to.deep.equal([
      { seed: 2, recipe: { seed: 1 }, message: 'lost <7>', virtualMs: 5, hash: 'ab', faults: 1, replay: 'replay 2' },
    ]);
    expect(JSON.parse(JSON.stringify(record))).to.deep.equal(record);
  });

  it('fail for what was never seen only where that is required', () => {
    expect(toRecord(report({}), true).passed).to.equal(false);
    expect(toRecord(report({}), false).passed).to.equal(true);
  });

  it('are well-formed JUnit XML, whatever a message holds', () => {
    const xml = toJunit([
      toRecord(report({ seed: 9, error: new Error('a < b & "c"\u0000') }), false),
      toRecord(report({}), true),
    ]);
    expect(xml).to.contain('<testsuite name="Bank works" tests="2" failures="1" errors="0" time="2.000">');
    expect(xml).to.contain('message="a &lt; b &amp; &quot;c&quot;\ufffd"');
    expect(xml).to.contain('<failure type="coverage" message="never true: rare">');
    expect(xml.match(/<testcase /g)).to.have.length(3);
    expect(xml.match(/<testsuite /g)?.length).to.equal(xml.match(/<\/testsuite>/g)?.length);
  });
});
