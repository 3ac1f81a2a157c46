import { expect } from 'chai';
import fc from 'fast-check';
import type { OperationWitness, RecordedOperation } from '../../../../lib/simulation/checkers/histories/history';
import { checkLinearizable } from '../../../../lib/simulation/checkers/linearizability/linearizability';
import { counterModel } from '../../../../lib/simulation/checkers/linearizability/models/counter-model';
import { registerModel } from '../../../../lib/simulation/checkers/linearizability/models/register-model';
import { checkPairOrder } from '../../../../lib/simulation/checkers/pair-order';
import { checkWitnesses } from '../../../../lib/simulation/checkers/linearizability/witness-check';
import { Xoshiro128 } from '../../../../lib/simulation/random/xoshiro128';
import { historyOf, rightHistories, type Row } from '../histories/history-fixture';

const register = registerModel(0);
const counter = counterModel(0);
const requests = fc.oneof(
  fc.constant({ operation: 'read' }),
  fc.record({ operation: fc.constant('write'), argument: fc.integer({ min: 0, max: 5 }) }),
);

function witnessed(
  rows: readonly (readonly [Row, turn?: number, version?: number, epoch?: number])[],
): RecordedOperation[] {
  const operations = historyOf(rows.map(([row]) => row));
  return operations.map((operation, index) => {
    const [, turn, version = 0, epoch = 1] = rows[index] ?? [];
    const witness: OperationWitness | undefined = turn === undefined ? undefined : { epoch, turn, version };
    return witness === undefined ? operation : { ...operation, witness };
  });
}

/** A history of a counter, right by construction: a quarter of the operations came to nothing or lost their answers. */
function longHistory(length: number, seed: number): RecordedOperation[] {
  const random = new Xoshiro128(seed);
  const rows: [Row, number?, number?][] = [];
  let [sum, turn, version, moment] = [0, 0, 0, 0];
  for (let index = 0; index < length; index++) {
    const isRead = random.below(4) === 0;
    const argument = isRead ? undefined : 1 + random.below(5);
    const fate = random.below(8);
    const invokedAt = moment++;
    if (fate > 0) {
      turn++;
      sum += argument ?? 0;
      if (!isRead) version++;
    }
    const row = ['a', isRead ? 'read' : 'add', argument, sum, invokedAt] as const;
    rows.push(fate <= 1 ? [row] : [[...row, moment++], turn, version]);
  }
  return witnessed(rows);
}

/** A history of a register whose turns are written in groups, each under one version; a quarter of the writes lost their answers. */
function groupedHistory(length: number, seed: number): RecordedOperation[] {
  const random = new Xoshiro128(seed);
  const rows: [Row, number?, number?][] = [];
  let [value, version, moment, hasRoom] = [0, 0, 0, false];
  for (let turn = 1; turn <= length; turn++) {
    const isRead = random.below(3) === 0;
    if (!isRead) {
      value = turn;
      if (!hasRoom) version++;
      hasRoom = random.below(2) === 0;
    }
    const row = [
      'a',
      isRead ? 'read' : 'write',
      isRead ? undefined : value,
      isRead ? value : undefined,
      moment++,
    ] as const;
    rows.push(!isRead && random.below(4) === 0 ? [row] : [[...row, moment++], turn, version]);
  }
  return witnessed(rows);
}

describe('The witness check', () => {
  it('accepts every history that is right by construction, whatever got lost', () => {
    fc.assert(
      fc.property(
        rightHistories(register, requests, 20),
        (operations) => checkWitnesses(operations, register).kind === 'holds',
      ),
      { numRuns: 300, seed: 4 },
    );
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
    const rows = [[['a', 'write', 7, undefined, 0]], [['b', 'read', undefined, 7, 1, 2], 2, 1]] as const;
    expect(checkWitnesses(witnessed(rows), register).kind).to.equal('holds');
    const verdict = checkWitnesses(witnessed(rows.slice(1)), register);
    expect(verdict.description).to.contain('more writes before it than were asked for');
  });

  it('fills a version with one operation that was asked for before, and with each only once', () => {
    const twice = [[['a', 'write', 7, undefined, 0]], [['b', 'read', undefined, 7, 1, 2], 3, 2]] as const;
    expect(checkWitnesses(witnessed(twice), register).kind).to.equal('violated');
    const later = [[['b', 'read', undefined, 7, 1, 2], 2, 1], [['a', 'write', 7, undefined, 3]]] as const;
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

  it('knows that turns may have been written together, under one version, and that each has a number', () => {
    const readAt = (turn: number, answer: number, invokedAt = 3) =>
      checkWitnesses(
        witnessed([
          [['a', 'write', 1, undefined, 0, 2], 1, 1],
          [['b', 'write', 2, undefined, 1]],
          [['c', 'read', undefined, answer, invokedAt, 4], turn, 1],
        ]),
        register,
      ).kind;
    expect(readAt(3, 2)).to.equal('holds');
    expect(readAt(3, 1)).to.equal('holds');
    // No turn is left for the write between the two.
    expect(readAt(2, 2)).to.equal('violated');
    expect(readAt(3, 7)).to.equal('violated');
    for (let seed = 0; seed < 50; seed++) {
      const grouped = groupedHistory(200, seed);
      expect(checkWitnesses(grouped, register).kind, `seed ${seed}`).to.equal('holds');
      const wrong = grouped.findIndex(({ operation, outcome }) => operation === 'read' && outcome === 'ok');
      const falsified = grouped.map((one, index) => (index === wrong ? { ...one, result: -1 } : one));
      expect(checkWitnesses(falsified, register).kind, `seed ${seed}`).to.equal('violated');
    }
  });

  it('decides histories that grow, though nobody learned the outcome of a quarter of them', function () {
    this.timeout(20_000);
    for (const length of [100, 1_000, 4_000]) {
      const right = longHistory(length, 7);
      expect(checkWitnesses(right, counter).description, `${length} operations`).to.contain('fit the model');
      const at = right.findIndex(({ outcome }, index) => outcome === 'ok' && index > length * 0.7);
      const wrong = right.map((operation, index) =>
        index === at ? { ...operation, result: (operation.result as number) + 1_000 } : operation,
      );
      expect(checkWitnesses(wrong, counter).kind, `${length} operations and a wrong answer`).to.equal('violated');
    }
  });

  it('leads the search for a linearization, which is else lost among operations that never ended', () => {
    const right = longHistory(600, 11);
    expect(checkLinearizable(right, counter, { maxSteps: 5_000 }).kind).to.equal('holds');
    const bare = right.map((operation) => {
      const { witness, ...rest } = operation;
      return witness === undefined ? operation : rest;
    });
    expect(checkLinearizable(bare, counter, { maxSteps: 5_000 }).kind, 'without witnesses').to.equal('unknown');
    const at = right.findIndex(({ outcome }, index) => outcome === 'ok' && index > 400);
    const wrong = right.map((operation, index) =>
      index === at ? { ...operation, result: (operation.result as number) + 100_000 } : operation,
    );
    expect(checkLinearizable(wrong, counter, { maxSteps: 5_000 }).kind, 'witnesses are not believed').not.to.equal(
      'holds',
    );
  });

  it('leads it past answers that came without witnesses', () => {
    const operations = witnessed([
      [['a', 'add', 1, 1, 0, 1], 1, 1],
      [['b', 'read', undefined, 1, 2, 4]],
      [['a', 'add', 2, 3, 3, 8], 3, 2],
      [['c', 'read', undefined, 1, 5, 6], 2, 1],
    ]);
    expect(checkLinearizable(operations, counter).kind).to.equal('holds');
  });

  it('finds that many commuting operations were used up, however many ways there are to use them', () => {
    const strays = Array.from(
      { length: 12 },
      (_, index) => [['a', 'add', 1 + (index % 3), undefined, index] as const] as const,
    );
    const answers = Array.from(
      { length: 13 },
      (_, index) =>
        [
          ['b', 'read', undefined, 2 * (index + 1), 20 + index * 2, 21 + index * 2] as const,
          index + 1,
          index + 1,
        ] as const,
    );
    // Four twos were asked for, and a two that ones and threes do not make was seen each time.
    expect(checkWitnesses(witnessed([...strays, ...answers.slice(0, 4)]), counter).kind).to.equal('holds');
    expect(checkWitnesses(witnessed([...strays, ...answers]), counter).kind).to.equal('violated');
  });

  it('does not let an operation take effect before one that had ended when it was asked for, through a turn between them', () => {
    const operations = witnessed([
      [['b', 'read', undefined, 7, 0, 9], 2, 1],
      [['c', 'read', undefined, 7, 1, 3], 3, 1],
      [['a', 'write', 7, undefined, 5]],
    ]);
    expect(checkWitnesses(operations, register).kind).to.equal('violated');
  });

  it('does not know when answers come without witnesses, or when too many ways fit', () => {
    expect(checkWitnesses(historyOf([['a', 'read', undefined, 0, 0, 1]]), register).kind).to.equal('unknown');
    const strays = Array.from(
      { length: 10 },
      (_, index) => [['a', 'write', index, undefined, index] as const] as const,
    );
    const operations = witnessed([...strays, [['b', 'read', undefined, 3, 20, 21], 9, 8]]);
    expect(checkWitnesses(operations, register, { maxSteps: 20 }).kind).to.equal('unknown');
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
