import { expect } from 'chai';
import { ActorRuntime, Logger, memory, RandomProvider, TimeProvider, type ContainerModule } from 'moonpool';
import {
  ActorDirectory,
  EventLog,
  MembershipStore,
  Metrics,
  PlacementStrategy,
  Serializer,
  StateStorage,
} from 'moonpool/modules';
import type { Token } from '../../lib/injection/token';

const CONTRACTS: readonly (readonly [token: Token<object>, part: object, missing: string])[] = [
  [
    StateStorage,
    { claim: async () => 1 },
    'commit, read, list, count, history, answer, deliver, due, settle, deliveries, forget',
  ],
  [ActorDirectory, { lookup: async () => undefined, register: 'no function' }, 'register, unregister'],
  [MembershipStore, { read: async () => undefined }, 'join, renew, changeStatus'],
  [PlacementStrategy, { choosee: () => undefined }, 'choose'],
  [TimeProvider, { now: () => 1, sleep: async () => undefined }, 'wallClock, schedule'],
  [RandomProvider, { fraction: () => 0.5 }, 'uint32, below'],
  [Logger, { info: () => undefined }, 'warn, error'],
  [Serializer, { contentType: 'a/b', write: () => undefined }, 'read'],
  [EventLog, { enabled: false }, 'record'],
  [Metrics, { collect: () => [] }, 'bind, observe'],
];

describe('A clock that shows no number', () => {
  for (const clock of ['now', 'wallClock'] as const)
    it(`refuses the start: ${clock}`, async () => {
      const shows = { now: () => 1, wallClock: () => 1, sleep: async () => undefined, schedule: () => expect.fail() };
      const time = { ...shows, [clock]: () => Number.NaN };
      const broken: ContainerModule = { name: 'broken', load: (bind) => bind(TimeProvider).toValue(time) };
      const error: unknown = await ActorRuntime.start({
        namespace: 'spec',
        name: 'a',
        actors: [],
        modules: [broken],
      }).catch((reason: unknown) => reason);
      expect(error).to.include({ code: 'INVALID_MODULE' });
      expect(String(error)).to.contain(`The method ${clock} of what is bound to TimeProvider returned NaN`);
    });
});

describe('A contract of which a part is bound', () => {
  for (const [token, part, missing] of CONTRACTS)
    it(`refuses the start, and names what ${token.name} has besides`, async () => {
      const broken: ContainerModule = { name: 'broken', load: (bind) => bind(token).toValue(part) };
      const start = ActorRuntime.start({ namespace: 'spec', name: 'a', actors: [], modules: [memory(), broken] });
      const error = await start.then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).to.include({ code: 'INVALID_MODULE' });
      expect(String(error)).to.contain(`What is bound to ${token.name} has no method ${missing}: it is`);
    });
});
