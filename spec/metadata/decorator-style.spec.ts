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
} from 'moonpool';
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
