import { expect } from 'chai';
import {
  Actor,
  AlwaysInterleave,
  Handler,
  Observer,
  Persist,
  Reentrant,
  Reminder,
  StatelessWorker,
  Timer,
  ActorContext,
  inject,
} from 'moonpool';
import { Journal, JournalEvent } from 'moonpool';
import { RpcInterface, RpcMethod } from 'moonpool/rpc';
import { Invariant, SimulationTest } from 'moonpool/simulation';

/** A decorator as a compiler of ECMAScript decorators calls it. */
type StandardDecorator = (value: unknown, context: object) => unknown;

const DECORATORS: readonly (readonly [string, string, unknown])[] = [
  ['@Actor', 'class', Actor({ name: 'A' })],
  ['@Observer', 'class', Observer({ name: 'A' })],
  ['@Reentrant', 'class', Reentrant()],
  ['@StatelessWorker', 'class', StatelessWorker()],
  ['@RpcInterface', 'class', RpcInterface({ id: 1 })],
  ['@Handler', 'method', Handler()],
  ['@Timer', 'method', Timer({ everyMs: 1 })],
  ['@Reminder', 'method', Reminder()],
  ['@AlwaysInterleave', 'method', AlwaysInterleave()],
  ['@RpcMethod', 'method', RpcMethod(1)],
  ['@SimulationTest', 'method', SimulationTest(1)],
  ['@Invariant', 'method', Invariant()],
  ['@Persist', 'field', Persist(Object)],
];

describe('Decorators that were compiled as those of the language', () => {
  for (const [name, kind, decorator] of DECORATORS) {
    it(`are refused by ${name}, which names the option of the compiler`, () => {
      const value = kind === 'field' ? undefined : class Decorated {};
      expect(() =>
        (decorator as StandardDecorator)(value, { kind, name: 'decorated', addInitializer: () => undefined }),
      ).to.throw(
        new RegExp(
          `INVALID_ACTOR_CLASSES: ${name} on 'decorated' was compiled as a standard decorator.*experimentalDecorators`,
        ),
      );
    });
  }
});

describe('A decorator of a member whose name is a symbol', () => {
  for (const [name, kind, decorator] of DECORATORS) {
    if (kind === 'class') continue;
    it(`is refused, for nothing would be found by its text: ${name}`, () => {
      class Owner {}
      const member = Symbol('mine');
      const descriptor = kind === 'field' ? undefined : { value: async () => undefined };
      expect(() => (decorator as BareDecorator)(Owner.prototype, member, descriptor)).to.throw(
        `INVALID_ACTOR_CLASSES: ${name} stands on Symbol(mine), which is a symbol`,
      );
    });
  }
});

/** A decorator as it is called when it stands without its parentheses. */
type BareDecorator = (...stands: readonly unknown[]) => unknown;

describe('A decorator without its parentheses', () => {
  class Bare {}
  const CLASSES = { Actor, Observer, Reentrant, StatelessWorker, RpcInterface, JournalEvent };
  const MEMBERS = {
    Handler,
    Timer,
    Reminder,
    AlwaysInterleave,
    RpcMethod,
    SimulationTest,
    Invariant,
    Persist,
    Journal,
  };

  for (const [name, decorator] of Object.entries(CLASSES))
    it(`is refused on a class: @${name}`, () => {
      expect(() => (decorator as unknown as BareDecorator)(Bare)).to.throw(
        `INVALID_ACTOR_CLASSES: @${name} stands on Bare without parentheses. Write @${name}(...)`,
      );
    });

  for (const [name, decorator] of Object.entries(MEMBERS))
    it(`is refused on a member: @${name}`, () => {
      const descriptor = { value: () => undefined };
      for (const target of [Bare.prototype, Bare])
        expect(() => (decorator as unknown as BareDecorator)(target, 'member', descriptor)).to.throw(
          `INVALID_ACTOR_CLASSES: @${name} stands on 'member' without parentheses`,
        );
    });
});

describe('@inject on what is no constructor', () => {
  it('is refused, for nobody would give the parameter its service', () => {
    expect(() => {
      class Careless {
        async ask(@inject(ActorContext) _context: ActorContext): Promise<void> {}
      }
      return Careless;
    }).to.throw('INVALID_ACTOR_CLASSES: @inject stands on parameter 1 of ask of Careless');
  });

  it('is refused by what to do where a compiler has no class yet', () => {
    const early = inject(ActorContext) as (type: unknown, method: undefined, parameter: number) => void;
    expect(() => early(undefined, undefined, 0)).to.throw(
      /INVALID_ACTOR_CLASSES: .*babel-plugin-transform-typescript-metadata/s,
    );
  });
});
