import { expect } from 'chai';
import fc from 'fast-check';
import type { RecordedOperation } from '../../../../lib/simulation/checkers/histories/history';
import { checkLinearizable } from '../../../../lib/simulation/checkers/linearizability/linearizability';
import { counterModel } from '../../../../lib/simulation/checkers/linearizability/models/counter-model';
import {
  registerModel,
  type RegisterValue,
} from '../../../../lib/simulation/checkers/linearizability/models/register-model';
import { historyOf, rightHistories } from '../histories/history-fixture';

const register = registerModel(0);
const requests = fc.oneof(
  fc.constant({ operation: 'read' }),
  fc.record({ operation: fc.constant('write'), argument: fc.integer({ min: 0, max: 3 }) }),
  fc.record({
    operation: fc.constant('cas'),
    argument: fc.record({ expected: fc.integer({ min: 0, max: 3 }), replacement: fc.integer({ min: 0, max: 3 }) }),
  }),
);

/** The definition itself, without any cleverness: tries every order. */
function isLinearizable(operations: readonly RecordedOperation[], state: RegisterValue = 0): boolean {
  const left = operations.filter(({ outcome }) => outcome !== 'failed');
  if (left.every(({ outcome }) => outcome === 'unknown')) return true;
  const firstEnd = Math.min(...left.map(({ completedAt }) => completedAt));
  return left
    .filter(({ invokedAt }) => invokedAt < firstEnd)
    .some((next) => {
      const step = register.step(state, next);
      return (
        (next.outcome === 'unknown' || step.result === next.result) &&
        isLinearizable(
          left.filter((other) => other !== next),
          step.state,
        )
      );
    });
}

describe('The search for a linearization', () => {
  it('accepts operations that overlap in any order that explains them', () => {
    const operations = historyOf([
      ['a', 'write', 1, undefined, 0, 5],
      ['b', 'write', 2, undefined, 1, 4],
      ['c', 'read', undefined, 2, 2, 3],
      ['c', 'read', undefined, 1, 6, 7],
    ]);
    expect(checkLinearizable(operations, register).kind).to.equal('holds');
  });

  it('refuses a read of what was overwritten before it began, and names it with what contradicts it', () => {
    const operations = historyOf([
      ['a', 'write', 1, undefined, 0, 1],
      ['c', 'read', undefined, 1, 2, 3],
      ['a', 'write', 2, undefined, 4, 5],
      ['b', 'read', undefined, 1, 6, 7],
      ['b', 'read', undefined, 2, 8, 9],
    ]);
    const verdict = checkLinearizable(operations, register);
    expect(verdict.kind).to.equal('violated');
    expect(verdict.evidence.map(({ index }) => index)).to.deep.equal([0, 2, 3]);
    expect(verdict.description).to.contain('operation #3');
  });

  it('refuses two swaps that both found the same value', () => {
    const swap = { expected: 0, replacement: 1 };
    const operations = historyOf([
      ['a', 'cas', swap, true, 0, 2],
      ['b', 'cas', { ...swap, replacement: 2 }, true, 1, 3],
    ]);
    expect(checkLinearizable(operations, register).kind).to.equal('violated');
  });

  it('lets an operation of unknown outcome happen late, or never, but not twice', () => {
    const late = historyOf([
      ['a', 'add', 1, undefined, 0],
      ['b', 'read', undefined, 0, 1, 2],
      ['b', 'read', undefined, 1, 3, 4],
    ]);
    expect(checkLinearizable(late, counterModel()).kind).to.equal('holds');
    expect(checkLinearizable(late.slice(0, 2), counterModel()).kind).to.equal('holds');
    const twice = historyOf([
      ['a', 'add', 1, undefined, 0],
      ['b', 'read', undefined, 2, 1, 2],
    ]);
    expect(checkLinearizable(twice, counterModel()).kind).to.equal('violated');
  });

  it('lets a failed operation never happen', () => {
    const operations = historyOf([
      ['a', 'write', 1, undefined, 0, 1, 'failed'],
      ['b', 'read', undefined, 1, 2, 3],
    ]);
    expect(checkLinearizable(operations, register).kind).to.equal('violated');
  });

  it('looks at keys apart', () => {
    const wrong = historyOf([['a', 'read', undefined, 7, 0, 1]], 'bad');
    const right = historyOf([['a', 'read', undefined, 0, 2, 3]], 'good');
    expect(checkLinearizable([...right, ...wrong], register).description).to.contain("'bad'");
  });

  it('says that it does not know when its budget is spent, which is no success', () => {
    const adds = historyOf(
      Array.from({ length: 12 }, (_, index) => [`c${index}`, 'add', 2 ** index, undefined, index] as const),
    );
    const read = historyOf([['r', 'read', undefined, 2 ** 12, 20, 21]]);
    const operations = [...adds, ...read.map((operation) => ({ ...operation, index: 12 }))];
    const verdict = checkLinearizable(operations, counterModel(), { maxSteps: 500 });
    expect(verdict.kind).to.equal('unknown');
    expect(verdict.evidence.length).to.be.greaterThan(0);
    expect(checkLinearizable(operations, counterModel()).kind).to.equal('violated');
  });

  it('accepts every history that is right by construction', () => {
    fc.assert(
      fc.property(
        rightHistories(register, requests),
        (operations) => checkLinearizable(operations, register).kind === 'holds',
      ),
      { numRuns: 300, seed: 1 },
    );
  });

  it('decides as the definition does, for histories with a falsified answer too', () => {
    let wrong = 0;
    fc.assert(
      fc.property(
        rightHistories(register, requests, 7),
        fc.nat(),
        fc.integer({ min: 0, max: 3 }),
        (operations, place, answer) => {
          const falsified = operations.map((operation, index) =>
            index === place % operations.length && operation.operation === 'read' && operation.outcome === 'ok'
              ? { ...operation, result: answer }
              : operation,
          );
          const expected = isLinearizable(falsified);
          if (!expected) wrong++;
          expect(checkLinearizable(falsified, register).kind).to.equal(expected ? 'holds' : 'violated');
        },
      ),
      { numRuns: 500, seed: 2 },
    );
    expect(wrong).to.be.greaterThan(20);
  });

  it('gives evidence that is wrong by itself', () => {
    fc.assert(
      fc.property(rightHistories(register, requests, 10), fc.nat(), (operations, place) => {
        const reads = operations.filter(({ operation, outcome }) => operation === 'read' && outcome === 'ok');
        const falsified = operations.map((operation) =>
          operation === reads[place % reads.length] ? { ...operation, result: 99 } : operation,
        );
        const { kind, evidence } = checkLinearizable(falsified, register);
        if (reads.length > 0) expect(kind).to.equal('violated');
        if (kind === 'violated') expect(checkLinearizable(evidence, register).kind).to.equal('violated');
      }),
      { numRuns: 200, seed: 3 },
    );
  });

  it('takes a thousand operations of one key in its stride', () => {
    const rows = Array.from({ length: 1_000 }, (_, index) =>
      index % 2 === 0
        ? (['w', 'write', index, undefined, index * 2, index * 2 + 3] as const)
        : (['r', 'read', undefined, index - 1, index * 2, index * 2 + 3] as const),
    );
    const verdict = checkLinearizable(historyOf(rows), register);
    expect(verdict.kind).to.equal('holds');
  });
});
