import { expect } from 'chai';
import { MoonpoolError } from '../../../lib/errors/moonpool-error';
import { canonicalText } from '../../../lib/simulation/checkers/histories/canonical-text';
import { checkConservation, type Books } from '../../../lib/simulation/checkers/conservation';
import { History } from '../../../lib/simulation/checkers/histories/history';
import { checkSets } from '../../../lib/simulation/checkers/sets';
import { checkSingleActivation } from '../../../lib/simulation/checkers/activation-spans';
import {
  describeVerdict,
  holds,
  requireHolds,
  undecided,
  violated,
} from '../../../lib/simulation/checkers/histories/verdict';
import { historyOf } from './histories/history-fixture';

describe('A history', () => {
  it('orders invocations and ends as they came', async () => {
    let clock = 100;
    const history = new History(() => clock++);
    const first = history.invoke({ client: 'a', operation: 'write', key: 'x', argument: 1 });
    const second = history.invoke({ client: 'b', operation: 'read', key: 'x' });
    second.ok(0);
    first.ok(undefined, { epoch: 1, turn: 1, version: 1 });
    const [write, read] = history.operations;
    expect(write).to.include({ invokedAt: 0, completedAt: 3, outcome: 'ok', invokedAtMs: 100 });
    expect(write?.witness).to.deep.equal({ epoch: 1, turn: 1, version: 1 });
    expect(read).to.include({ invokedAt: 1, completedAt: 2, result: 0 });
    expect([...history.byKey().keys()]).to.deep.equal(['x']);
    expect(() => structuredClone(history.operations)).to.not.throw();
  });

  it('believes what errors say of their execution, and knows nothing otherwise', async () => {
    const history = new History();
    const request = { client: 'a', operation: 'write', key: 'x' };
    const outcomes = [
      new MoonpoolError('CALL_TIMEOUT', { message: 'too late', executed: 'maybe' }),
      new MoonpoolError('MAILBOX_FULL', { message: 'too many', executed: 'no' }),
      new Error('of the actor'),
    ].map(async (error) => {
      await history.record(request, () => Promise.reject(error)).then(undefined, () => undefined);
    });
    await Promise.all(outcomes);
    void history.record(request, () => new Promise(() => undefined));
    expect(history.operations.map(({ outcome }) => outcome)).to.deep.equal(['unknown', 'failed', 'unknown', 'unknown']);
    expect(history.operations[3]?.reason).to.equal('it has not ended');
  });
});

describe('A verdict', () => {
  it('is an error unless the property holds: what is unknown is no success', () => {
    const evidence = historyOf([['a', 'read', undefined, 3, 0, 1]]);
    expect(() => requireHolds(holds('fine', 'all is well'))).to.not.throw();
    expect(() =>
      requireHolds(undecided('fine', 'it took too long'), violated('right', 'it is wrong', evidence)),
    ).to.throw(MoonpoolError, /HISTORY_VIOLATED.*not right: it is wrong\n {2}#0 a read\(\) of k = 3 \[0, 1\]/);
    expect(() => requireHolds(undecided('fine', 'it took too long'))).to.throw(MoonpoolError, /HISTORY_UNDECIDED/);
    expect(describeVerdict(holds('fine', 'all is well'))).to.equal('The history is fine: all is well');
  });
});

describe('Canonical texts', () => {
  it('are equal for equal data, whatever the order of its keys, and differ otherwise', () => {
    expect(canonicalText({ a: 1, b: [new Set([2, 1])] })).to.equal(
      canonicalText({ b: [new Set([1, 2])], a: 1, c: undefined }),
    );
    const different = [
      undefined,
      null,
      0,
      '0',
      0n,
      [],
      {},
      [0],
      new Map(),
      new Set(),
      new Date(0),
      new Uint8Array(1),
      Number.NaN,
      false,
    ];
    expect(new Set(different.map(canonicalText)).size).to.equal(different.length);
  });
});

describe('The check of single activation', () => {
  const span = (activation: string, epoch: number, beganAt: number, endedAt?: number) => ({
    actor: 'a',
    activation,
    node: 'n',
    epoch,
    beganAt,
    ...(endedAt === undefined ? {} : { endedAt }),
  });

  it('accepts activations that follow each other with growing epochs', () => {
    expect(
      checkSingleActivation([span('2', 2, 10), span('1', 1, 0, 10), { ...span('9', 1, 0), actor: 'b' }]).kind,
    ).to.equal('holds');
  });

  it('refuses two at one time, and an epoch that does not grow', () => {
    expect(checkSingleActivation([span('1', 1, 0, 11), span('2', 2, 10)]).description).to.contain('began at 10 while');
    expect(checkSingleActivation([span('1', 1, 0), span('2', 2, 10)]).kind).to.equal('violated');
    expect(checkSingleActivation([span('1', 2, 0, 5), span('2', 2, 10)]).description).to.contain('no greater epoch');
  });
});

describe('The check of conservation', () => {
  const books = (changes: Partial<Books> = {}): Books => ({
    opening: new Map([
      ['a', 10],
      ['b', 0],
    ]),
    closing: new Map([
      ['a', 7],
      ['b', 3],
    ]),
    postings: [
      { transfer: 't', account: 'a', amount: -3 },
      { transfer: 't', account: 'b', amount: 3 },
    ],
    acknowledged: new Map([
      ['t', 'done'],
      ['u', 'refused'],
    ]),
    ...changes,
  });

  it('accepts books that agree with themselves and with what was promised', () => {
    expect(checkConservation(books()).kind).to.equal('holds');
  });

  const wrong: readonly (readonly [what: string, changes: Partial<Books>, found: string])[] = [
    [
      'a debit without its credit',
      { postings: [{ transfer: 't', account: 'a', amount: -3 }], closing: new Map([['a', 7]]) },
      '1 debits and 0 credits',
    ],
    [
      'a credit that came twice',
      {
        postings: [...books().postings, { transfer: 't', account: 'b', amount: 3 }],
        closing: new Map([
          ['a', 7],
          ['b', 6],
        ]),
      },
      '1 debits and 2 credits',
    ],
    [
      'different amounts',
      {
        postings: [
          { transfer: 't', account: 'a', amount: -3 },
          { transfer: 't', account: 'b', amount: 2 },
        ],
        closing: new Map([
          ['a', 7],
          ['b', 2],
        ]),
      },
      'different amounts',
    ],
    [
      'a balance that its entries do not make',
      {
        closing: new Map([
          ['a', 7],
          ['b', 4],
        ]),
      },
      'account b holds 4, and its entries make 3',
    ],
    [
      'an acknowledged transfer that is gone',
      { acknowledged: new Map([['v', 'done' as const]]) },
      'transfer v was acknowledged',
    ],
    [
      'a refused transfer that was made',
      { acknowledged: new Map([['t', 'refused' as const]]) },
      'transfer t was refused',
    ],
  ];
  for (const [what, changes, found] of wrong) {
    it(`refuses ${what}`, () => {
      expect(checkConservation(books(changes)).description).to.contain(found);
    });
  }
});

describe('The check of sets', () => {
  it('accepts elements of unknown outcome, seen or not', () => {
    const operations = historyOf([
      ['a', 'add', 1, undefined, 0, 1],
      ['b', 'add', 2, undefined, 2],
      ['c', 'add', 3, undefined, 3],
      ['d', 'read', undefined, [1], 4, 5],
      ['d', 'read', undefined, [1, 2], 6, 7],
    ]);
    expect(checkSets(operations).kind).to.equal('holds');
  });

  const added = ['a', 'add', 1, undefined, 0, 1] as const;
  const wrong = {
    'an acknowledged element that is lost': [[added, ['d', 'read', undefined, [], 2, 3]], 'acknowledged before'],
    'an element that was seen and is gone': [
      [
        ['a', 'add', 1, undefined, 0],
        ['d', 'read', undefined, [1], 2, 3],
        ['d', 'read', undefined, [], 4, 5],
      ],
      'seen before',
    ],
    'an element that was seen before its adding ended, and is gone meanwhile': [
      [
        ['a', 'add', 1, undefined, 0, 9],
        ['d', 'read', undefined, [1], 2, 3],
        ['d', 'read', undefined, [], 4, 5],
      ],
      'seen before',
    ],
    'an element that nobody added': [[['d', 'read', undefined, [9], 2, 3]], 'nobody added'],
    'an element whose adding failed': [
      [
        ['a', 'add', 1, undefined, 0, 1, 'failed'],
        ['d', 'read', undefined, [1], 2, 3],
      ],
      'failed',
    ],
    'an element that comes before it is asked for': [
      [
        ['d', 'read', undefined, [1], 0, 1],
        ['a', 'add', 1, undefined, 2, 3],
      ],
      'before anybody asked',
    ],
  } as const;
  for (const [what, [rows, found]] of Object.entries(wrong)) {
    it(`refuses ${what}`, () => {
      expect(checkSets(historyOf(rows)).description).to.contain(found);
    });
  }
});
