import { expect } from 'chai';
import fc from 'fast-check';
import { checkAppendLists } from '../../../../lib/simulation/checkers/append-lists/check-append-lists';
import type { ListStep } from '../../../../lib/simulation/checkers/append-lists/transaction';
import type { RecordedOperation } from '../../../../lib/simulation/checkers/histories/history';
import { historyOf, rightHistories } from '../histories/history-fixture';

const append = (key: string, value: number): ListStep => ({ kind: 'append', key, value });
const read = (key: string, ...list: number[]): ListStep => ({ kind: 'read', key, list });

/** Transactions that all overlap, so that only what they read orders them. */
function overlapping(...transactions: readonly (readonly ListStep[])[]): RecordedOperation[] {
  const all = transactions.length;
  return historyOf(
    transactions.map((steps, index) => ['c', 'transact', undefined, steps, index, all + index] as const),
  );
}

function anomaly(operations: readonly RecordedOperation[], order: 'strict' | 'serializable' = 'strict'): string {
  const { kind, description } = checkAppendLists(operations, { order });
  expect(kind).to.equal('violated');
  return description;
}

describe('The check of append lists', () => {
  it('accepts transactions that have an order', () => {
    const operations = overlapping(
      [append('x', 1), append('y', 1)],
      [read('x', 1), append('x', 2)],
      [read('y', 1), read('x', 1, 2)],
      [read('x'), read('y')],
    );
    expect(checkAppendLists(operations).kind).to.equal('holds');
  });

  it('accepts every history of appends and reads that is right by construction', () => {
    let next = 0;
    const model = {
      name: 'list',
      initial: [] as readonly number[],
      step: (state: readonly number[], { operation, argument }: { operation: string; argument?: unknown }) =>
        operation === 'read' ? { state, result: state } : { state: [...state, argument as number], result: undefined },
    };
    const requests = fc
      .constantFrom('append', 'read')
      .map((operation) => (operation === 'read' ? { operation } : { operation, argument: ++next }));
    fc.assert(
      fc.property(rightHistories(model, requests, 25), (operations) => checkAppendLists(operations).kind === 'holds'),
      { numRuns: 300, seed: 5 },
    );
  });

  it('sees appends that lie across each other (G0)', () => {
    const operations = overlapping(
      [append('x', 1), append('y', 1)],
      [append('x', 2), append('y', 2)],
      [read('x', 1, 2)],
      [read('y', 2, 1)],
    );
    expect(anomaly(operations)).to.contain('(G0)');
  });

  it('sees a read of a failed append (G1a)', () => {
    const operations = historyOf([
      ['a', 'append', 1, undefined, 0, 1, 'failed'],
      ['b', 'read', undefined, [1], 2, 3],
    ]);
    expect(anomaly(operations)).to.contain('(G1a, aborted read)');
  });

  it('sees a read in the middle of a transaction (G1b)', () => {
    expect(anomaly(overlapping([append('x', 1), append('x', 2)], [read('x', 1)], [read('x', 1, 2)]))).to.contain(
      '(G1b, intermediate read)',
    );
  });

  it('sees transactions that read from each other in a circle (G1c)', () => {
    expect(anomaly(overlapping([append('x', 1), read('y', 1)], [append('y', 1), read('x', 1)]))).to.contain('(G1c)');
  });

  it('sees a read skew (G-single), and names only the transactions of the cycle', () => {
    const operations = overlapping(
      [append('x', 1), append('y', 1)],
      [read('x', 1), read('y')],
      [read('y', 1)],
      [append('z', 1)],
    );
    expect(anomaly(operations)).to.contain('(G-single)');
    expect(
      checkAppendLists(operations)
        .evidence.map(({ index }) => index)
        .sort(),
    ).to.deep.equal([0, 1]);
  });

  it('sees a write skew (G2)', () => {
    expect(
      anomaly(overlapping([read('x'), append('y', 1)], [read('y'), append('x', 1)], [read('x', 1), read('y', 1)])),
    ).to.contain('(G2)');
  });

  it('sees a lost append and a stale read by real time, unless only an order is asked for', () => {
    const lost = historyOf([
      ['a', 'append', 1, undefined, 0, 1],
      ['b', 'read', undefined, [], 2, 3],
    ]);
    expect(anomaly(lost)).to.contain('-realtime');
    expect(checkAppendLists(lost, { order: 'serializable' }).kind).to.equal('holds');
    const stale = historyOf([
      ['a', 'append', 1, undefined, 0, 1],
      ['b', 'read', undefined, [1], 2, 3],
      ['b', 'read', undefined, [], 4, 5],
    ]);
    expect(anomaly(stale)).to.contain('(G-single-realtime)');
  });

  it('sees lists that contradict each other without any cycle', () => {
    expect(anomaly(overlapping([append('x', 1)], [append('x', 2)], [read('x', 1, 2)], [read('x', 2)]))).to.contain(
      'incompatible order',
    );
    expect(anomaly(overlapping([append('x', 1)], [read('x', 1, 1)]))).to.contain('duplicate');
    expect(anomaly(overlapping([read('x', 9)]))).to.contain('nobody appended');
    expect(anomaly(overlapping([append('x', 1), read('x')]))).to.contain('internal');
    expect(anomaly(overlapping([append('x', 1)], [append('x', 1)]))).to.contain('twice');
  });

  it('does not know whether an append of unknown outcome took effect, and takes both', () => {
    const rows = [['a', 'append', 1, undefined, 0]] as const;
    expect(checkAppendLists(historyOf([...rows, ['b', 'read', undefined, [], 1, 2]])).kind).to.equal('holds');
    expect(checkAppendLists(historyOf([...rows, ['b', 'read', undefined, [1], 1, 2]])).kind).to.equal('holds');
    expect(
      anomaly(historyOf([...rows, ['b', 'read', undefined, [1], 1, 2], ['b', 'read', undefined, [], 3, 4]])),
    ).to.contain('G-single');
  });
});
