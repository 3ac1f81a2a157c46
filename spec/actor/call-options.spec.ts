import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { CALL_OPTIONS } from '../../lib/actor/call-options';
import { throughFilters } from '../../lib/actor/call-filter';
import { DELIVER_OPTIONS } from '../../lib/actor/deliver-options';
import { codeOf } from '../rpc/rpc-fixture';
import { ActorId } from '../../lib/identity/actor-id';

const PLAIN = [
  {},
  { user: 'ann' },
  Object.assign(Object.create(null) as object, { a: 1 }),
  runInNewContext('({ a: 1 })'),
];
const OTHERS = [
  new Map([['user', 'ann']]),
  new Date(0),
  new Set(['a']),
  ['a'],
  new (class {
    user = 'ann';
  })(),
  Object.create({ user: 'ann' }) as object,
  'text',
  null,
];
const revoked = Proxy.revocable({}, {});
revoked.revoke();

describe('What is said about a request', () => {
  it('is a plain object: of any other not all would travel', () => {
    for (const options of [CALL_OPTIONS, DELIVER_OPTIONS]) {
      for (const context of PLAIN) expect(() => options.check('$with', { context })).not.to.throw();
      for (const context of [...OTHERS, revoked.proxy])
        expect(() => options.check('$with', { context } as never)).to.throw(
          /^INVALID_OPTION: .*a plain object of values by name/,
        );
    }
  });

  it('is one for filters too', async () => {
    const call = {
      actor: ActorId.of('spec', 'Type', 'x'),
      method: 'ask',
      origin: 'call',
      args: [],
      values: {},
    } as const;
    const saying = (context: unknown) =>
      codeOf(
        throughFilters(
          [(_call, next) => next({ context: context as Readonly<Record<string, unknown>> })],
          call,
          async () => 'asked',
        ),
      );
    for (const context of PLAIN) expect(await saying(context)).to.equal('asked');
    expect(await saying(new Map([['user', 'ann']]))).to.equal('FILTER_MISUSED');
    expect(await saying(new Date(0))).to.equal('FILTER_MISUSED');
  });
});
