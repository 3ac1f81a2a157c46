import { expect } from 'chai';
import fc from 'fast-check';
import type { OperationWitness, RecordedOperation } from '../../../lib/simulation/checkers/history';
import { registerModel } from '../../../lib/simulation/checkers/models/register-model';
import { checkPairOrder } from '../../../lib/simulation/checkers/pair-order';
import { checkWitnesses } from '../../../lib/simulation/checkers/witness-check';
import { historyOf, rightHistories, type Row } from './history-fixture';

const register = registerModel(0);
const requests = fc.oneof(fc.constant({ operation: 'read' }), fc.record({ operation: fc.constant('write'), argument: fc.integer({ min: 0, max: 5 }) }));

function witnessed(rows: readonly (readonly [Row, turn?: number, version?: number, epoch?: number])[]): RecordedOperation[] {
  const operations = historyOf(rows.map(([row]) => row));
  return operations.map((operation, index) => {
    const [, turn, version = 0, epoch = 1] = rows[index] ?? [];
    const witness: OperationWitness | undefined = turn === undefined ? undefined : { epoch, turn, version };
    return witness === undefined ? operation : { ...operation, witness };
  });
}

describe('The witness check', () => {
  it('accepts every history that is right by construction, whatever got lost', () => {
    fc.assert(fc.property(rightHistories(register, requests, 20), (operations) => checkWitnesses(operations, register).kind === 'holds'), { numRuns: 300, seed: 4 });
  });

  it('refuses an answer that is wrong in its turn', () => {
    const operations = witnessed([
      [['a', 'write', 1, undefined, 0, 1], 1, 1],
      [['b', 'read', undefined, 0, 2, 3], 2, 1],
    ]);
    const verdict = checkWitnesses(operations, register);
    expect(verdict.kind).to.equal('violated');
    expect(verdict.description).to.contain('must be answered 1 and was answered 0');
    expect(verdict.evidence.map(({ index }) => index)).to.deep.equal([0, 1]);
  });

  it('refuses a turn that is earlier than one which had ended before it was asked for', () => {
    const operations = witnessed([
      [['a', 'read', undefined, 0, 0, 1], 2, 0],
      [['b', 'read', undefined, 0, 2, 3], 1, 0],
    ]);
    expect(checkWitnesses(operations, register).description).to.contain('had ended before');
  });

  it('refuses one turn for two operations, and a version that goes back', () => {
    const twice = witnessed([
      [['a', 'read', undefined, 0, 0, 2], 1, 0],
      [['b', 'read', undefined, 0, 1, 3], 1, 0],
    ]);
    expect(checkWitnesses(twice, register).description).to.contain('two operations');
    const back = witnessed([
      [['a', 'write', 1, undefined, 0, 1], 1, 1],
      [['a', 'write', 2, undefined, 2, 3], 2, 2],
      [['b', 'read', undefined, 1, 4, 5], 1, 1, 2],
    ]);
    expect(checkWitnesses(back, register).description).to.contain('went back from 2 to 1');
  });

  it('fills a missing version with an operation of unknown outcome, and refuses one that nobody asked for', () => {
    const rows = [
      [['a', 'write', 7, undefined, 0]],
      [['b', 'read', undefined, 7, 1, 2], 2, 1],
    ] as const;
    expect(checkWitnesses(witnessed(rows), register).kind).to.equal('holds');
    const verdict = checkWitnesses(witnessed(rows.slice(1)), register);
    expect(verdict.description).to.contain('more writes before it than were asked for');
  });

  it('fills a version with one operation that was asked for before, and with each only once', () => {
    const twice = [
      [['a', 'write', 7, undefined, 0]],
      [['b', 'read', undefined, 7, 1, 2], 3, 2],
    ] as const;
    expect(checkWitnesses(witnessed(twice), register).kind).to.equal('violated');
    const later = [
      [['b', 'read', undefined, 7, 1, 2], 2, 1],
      [['a', 'write', 7, undefined, 3]],
    ] as const;
    expect(checkWitnesses(witnessed(later), register).kind).to.equal('violated');
  });

  it('knows that an operation which changes nothing need not have written the version before it', () => {
    const operations = witnessed([
      [['a', 'write', 5, undefined, 0]],
      [['b', 'cas', { expected: 0, replacement: 1 }, false, 1, 2], 2, 1],
      [['b', 'read', undefined, 5, 3, 4], 3, 1],
    ]);
    expect(checkWitnesses(operations, register).kind).to.equal('holds');
  });

  it('does not know when answers come without witnesses, or when too many ways fit', () => {
    expect(checkWitnesses(historyOf([['a', 'read', undefined, 0, 0, 1]]), register).kind).to.equal('unknown');
    const strays = Array.from({ length: 10 }, (_, index) => [['a', 'write', index, undefined, index] as const] as const);
    const operations = witnessed([...strays, [['b', 'read', undefined, 3, 20, 21], 9, 8]]);
    expect(checkWitnesses(operations, register, { maxBranches: 50 }).kind).to.equal('unknown');
  });
});

describe('The check of pair order', () => {
  it('accepts gaps, and calls of different clients in any order', () => {
    const operations = witnessed([
      [['a', 'read', undefined, 0, 0, 9], 5],
      [['a', 'read', undefined, 0, 1]],
      [['b', 'read', undefined, 0, 2, 8], 1],
      [['a', 'read', undefined, 0, 3, 7], 6],
      [['a', 'read', undefined, 0, 4, 10], 1, 0, 2],
    ]);
    expect(checkPairOrder(operations).kind).to.equal('holds');
  });

  it('refuses a call that was sent earlier and began later', () => {
    const operations = witnessed([
      [['a', 'read', undefined, 0, 0, 9], 6],
      [['a', 'read', undefined, 0, 1, 8], 5],
    ]);
    const verdict = checkPairOrder(operations);
    expect(verdict.kind).to.equal('violated');
    expect(verdict.evidence).to.have.length(2);
  });

  it('refuses one turn for two calls', () => {
    const operations = witnessed([
      [['a', 'read', undefined, 0, 0, 9], 6],
      [['a', 'read', undefined, 0, 1, 8], 6],
    ]);
    expect(checkPairOrder(operations).kind).to.equal('violated');
  });
});
