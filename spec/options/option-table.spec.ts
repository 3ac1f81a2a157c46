import { expect } from 'chai';
import { isMoonpoolError } from '../../lib/errors/moonpool-error';
import {
  anyOf,
  choice,
  count,
  delay,
  duration,
  factor,
  flag,
  label,
  list,
  mandatory,
  secret,
  signal,
  text,
} from '../../lib/options/option-kind';
import { checkArguments, given, group, optionTable, withDefaults } from '../../lib/options/option-table';

interface Inner {
  readonly size?: number;
}

interface Outer {
  readonly name: string;
  readonly waitMs?: number;
  readonly inner?: Inner;
  readonly items?: readonly number[];
  readonly password?: string;
}

const INNER = optionTable<Inner>({ size: count(1) });
const OUTER = optionTable<Outer>(
  {
    name: mandatory(text('a text')),
    waitMs: delay(),
    inner: group(INNER),
    items: list('a list of numbers', count(0)),
    password: secret('a long text', (value) => typeof value === 'string' && value.length > 8),
  },
  {
    together: ({ name, waitMs }, { door }) =>
      name === 'hasty' && waitMs !== 0 ? { message: `${door} is hasty and waits` } : undefined,
  },
);

/** What a table says of options, without the code. */
function said(options: unknown): string {
  try {
    OUTER.check('the spec', options);
    return 'nothing';
  } catch (error) {
    if (!isMoonpoolError(error, 'INVALID_OPTION')) throw error;
    return error.message.replace('INVALID_OPTION: ', '');
  }
}

describe('What does not let itself be looked at', () => {
  const revoked = (target: object): object => {
    const { proxy, revoke } = Proxy.revocable(target, {});
    revoke();
    return proxy;
  };
  const throwing = (name: string): object =>
    Object.defineProperty({ name: 'a' }, name, {
      enumerable: true,
      get: () => expect.fail('not configured'),
    });

  it('is a mistake like others, in the options, in one of them and in an item of a list', () => {
    const unseen = 'an object that cannot be looked at was given, and it does not let itself be looked at (Cannot';
    expect(said(revoked({}))).to.contain(`the spec takes an object of options; ${unseen}`);
    expect(said({ name: 'a', inner: revoked({}) })).to.contain(
      `The option inner of the spec must be an object of options; ${unseen}`,
    );
    expect(said({ name: 'a', items: revoked([]) })).to.contain(
      'The option items of the spec must be a list of numbers',
    );
    const ownKeys = (): never => expect.fail('no keys');
    expect(said(new Proxy({}, { ownKeys }))).to.contain('does not let itself be looked at (no keys)');
    expect(said(throwing('waitMs'))).to.contain('The option waitMs of the spec must be');
    expect(said(throwing('waitMs'))).to.contain('(not configured)');
    expect(said(Object.assign(throwing('inner'), { waitMs: -1 }))).to.contain('2 options cannot work');
  });

  it('is not quoted where it is secret', () => {
    expect(said(throwing('password')))
      .to.contain('The option password of the spec')
      .and.not.to.contain('configured');
  });

  it('is an argument that is wrong', () => {
    const wants = mandatory(signal());
    expect(() => checkArguments('wait', { signal: [wants, revoked({})] })).to.throw('INVALID_OPTION');
    expect(OUTER.admits(revoked({}))).to.equal(false);
    expect(INNER.admits(revoked({}))).to.equal(false);
  });
});

describe('A table of options', () => {
  it('says nothing of what can work', () => {
    expect(said({ name: 'a', waitMs: 0, inner: { size: 1 }, items: [0, 1] })).to.equal('nothing');
    expect(said({ name: 'a', waitMs: undefined, inner: undefined })).to.equal('nothing');
  });

  it('refuses a name that does not exist, with the nearest that does, and with all of them', () => {
    expect(said({ name: 'a', waitMS: 1 })).to.equal(
      "There is no option waitMS of the spec; did you mean 'waitMs'? The options of the spec are name, waitMs, inner, items, password.",
    );
    expect(said({ name: 'a', inner: { sice: 1 } })).to.equal(
      "There is no option inner.sice of the spec; did you mean 'size'? The options of inner are size.",
    );
    expect(said({ name: 'a', constructor: 1 })).to.contain('There is no option constructor of the spec.');
  });

  it('sees what an object of options inherits', () => {
    expect(said(Object.create({ name: 'a', colour: 1 }))).to.contain('There is no option colour');
    expect(said(Object.create({ name: 5 }))).to.contain('The option name of the spec must be a text; 5 was given');
    class Options {
      name = 'a';
      describe(): void {}
    }
    expect(said(new Options())).to.equal('nothing');
  });

  it('refuses what stands in place of options, such as a list, a function, a promise or a signal', () => {
    for (const wrong of [
      undefined,
      null,
      5,
      'text',
      [],
      () => undefined,
      Promise.resolve({}),
      new Map(),
      new AbortController().signal,
      new Error('e'),
    ]) {
      expect(said(wrong)).to.contain('the spec takes an object of options; ');
      expect(said({ name: 'a', inner: wrong })).to.match(
        wrong === undefined ? /nothing/ : /The option inner of the spec must be an object of options; /,
      );
    }
  });

  it('names every mistake, and the place of each within lists', () => {
    expect(said({ waitMs: -1, items: [1, -2, 'x'] })).to.equal(
      [
        '4 options cannot work:',
        '  - The option name of the spec must be a text; undefined was given.',
        '  - The option waitMs of the spec must be a number of milliseconds that is not negative; -1 was given.',
        '  - The option items[1] of the spec must be a whole number from 0; -2 was given.',
        '  - The option items[2] of the spec must be a whole number from 0; "x" was given.',
        'Correct each of them.',
      ].join('\n'),
    );
  });

  it('does not quote what may be secret', () => {
    expect(said({ name: 'a', password: 'hunter2' })).to.contain(
      'The option password of the spec must be a long text; a value of type string was given.',
    );
  });

  it('looks at options together when each alone is right', () => {
    expect(said({ name: 'hasty' })).to.contain('the spec is hasty and waits');
    expect(said({ name: 'hasty', waitMs: 'long' })).to.not.contain('hasty and waits');
  });

  it('tells in short whether there is certainly no mistake', () => {
    const table = optionTable<Inner>({ size: count(1) });
    expect(table.admits({})).to.equal(true);
    expect(table.admits({ size: 1 })).to.equal(true);
    for (const wrong of [undefined, [], { size: 0 }, { sise: 1 }]) expect(table.admits(wrong)).to.equal(false);
  });

  it('knows the paths of all options, groups opened', () => {
    expect(OUTER.paths).to.deep.equal(['name', 'waitMs', 'inner.size', 'items', 'password']);
  });
});

describe('A kind of option', () => {
  const everything = [
    undefined,
    null,
    true,
    0,
    -0,
    0.5,
    1,
    -1,
    Number.NaN,
    Infinity,
    -Infinity,
    2 ** 53,
    '',
    'a',
    '5',
    5n,
    {},
    [],
    () => 1,
    Symbol('s'),
    new Date(0),
  ];
  const admitted = (kind: { readonly admits?: (value: unknown) => boolean }): readonly unknown[] =>
    everything.filter((value) => kind.admits?.(value));

  it('admits only what it says, of all that there is', () => {
    expect(admitted(count(0))).to.deep.equal([0, -0, 1]);
    expect(admitted(count(1, 1))).to.deep.equal([1]);
    expect(admitted(duration())).to.deep.equal([0.5, 1]);
    expect(admitted(duration(1))).to.deep.equal([1]);
    expect(admitted(delay())).to.deep.equal([0, -0, 0.5, 1]);
    expect(admitted(factor(1))).to.deep.equal([1, 2 ** 53]);
    expect(admitted(flag())).to.deep.equal([true]);
    expect(admitted(choice('a', 'b'))).to.deep.equal(['a']);
    expect(admitted(text('a text'))).to.deep.equal(['a', '5']);
    expect(admitted(signal())).to.deep.equal([]);
    expect(admitted(anyOf('null', (value) => value === null))).to.deep.equal([null]);
  });

  it('takes names that stand in one line of a log', () => {
    const name = label(8);
    expect(['a', 'a b', 'ä', 'a\u{1f600}'].every((value) => name.admits?.(value))).to.equal(true);
    for (const wrong of ['', 'a\nb', 'a\tb', '\u001b[31m', 'a\u2028b', 'a\ud800', '\udc00b', 'nine char'])
      expect(name.admits?.(wrong), JSON.stringify(wrong)).to.equal(false);
  });

  it('knows an AbortSignal, of whatever realm', () => {
    expect(signal().admits?.(AbortSignal.abort())).to.equal(true);
    expect(signal().admits?.({ aborted: false, addEventListener: () => undefined })).to.equal(true);
    expect(signal().admits?.(new AbortController())).to.equal(false);
  });
});

describe('Options that were not given', () => {
  it('have their defaults, also when they are undefined', () => {
    expect(withDefaults({ a: 1, b: 2 }, { a: 5, b: undefined } as never)).to.deep.equal({ a: 5, b: 2 });
    expect(withDefaults({ a: 1 }, undefined)).to.deep.equal({ a: 1 });
    expect(given({ a: undefined, b: null })).to.deep.equal({ b: null });
  });
});

describe('Arguments', () => {
  it('are looked at as options are', () => {
    checkArguments('wait', { forMs: [duration(), 5], how: [choice('a'), undefined] });
    expect(() => checkArguments('wait', { forMs: [mandatory(duration()), undefined] })).to.throw(
      'The option forMs of wait must be a number of milliseconds above 0; undefined was given',
    );
    expect(() => checkArguments('wait', { inner: [group(INNER), { size: 0 }] })).to.throw(
      'The option inner.size of wait must be',
    );
  });
});
