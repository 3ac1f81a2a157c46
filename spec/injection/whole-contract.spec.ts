import { expect } from 'chai';
import { ActorRuntime, memory, type ContainerModule } from 'moonpool';
import { ActorDirectory, MembershipStore, PlacementStrategy, StateStorage } from 'moonpool/modules';
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
];

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
