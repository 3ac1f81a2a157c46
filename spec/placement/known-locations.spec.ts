import { expect } from 'chai';
import type { Location } from '../../lib/directory/location-cache';
import { LocationCache } from '../../lib/directory/location-cache';
import { ActorId } from '../../lib/identity/actor-id';
import { KnownLocations, type KnownLocationsParts } from '../../lib/placement/known-locations';

const path = 'spec/Account/a';
const onNode = (name: string): Location => ({ node: { name, incarnation: 1 }, address: `${name}:1` });

describe('What a process knows of where actors are', () => {
  let known: KnownLocations;
  let refreshed: number;
  let isForgetful: boolean;

  beforeEach(() => {
    [refreshed, isForgetful] = [0, false];
    const counters = { found: { value: 0 }, missed: { value: 0 } };
    known = new KnownLocations({
      cache: new LocationCache(10, counters as never),
      locator: {
        locate: async (_target: ActorId, note: (location: Location) => void) => {
          note(onNode('found'));
          return onNode('found');
        },
      },
      membership: { isLive: ({ name }: Location['node']) => name !== 'dead', refresh: async () => void refreshed++ },
      buggify: {
        get enabled() {
          return isForgetful;
        },
        strikes: () => true,
      },
    } as unknown as KnownLocationsParts);
  });

  it('is nothing that leads to a node that is dead, whoever has said so', () => {
    expect(known.said(onNode('n2'))).to.deep.equal(onNode('n2'));
    expect([known.said(onNode('dead')), known.said(undefined)]).to.deep.equal([undefined, undefined]);
    known.onRejected(path, onNode('dead'));
    expect([known.get(path), known.addressOf(path)]).to.deep.equal([undefined, 'dead:1']);
  });

  it('is what was learnt last: from the directory, and from those who have rejected a call, or were not reached', async () => {
    expect(await known.find(ActorId.parse(path))).to.deep.equal(onNode('found'));
    expect(known.get(path)).to.deep.equal(onNode('found'));
    known.onRejected(path, onNode('n2'));
    expect(known.get(path)).to.deep.equal(onNode('n2'));
    for (const forget of [() => known.onRejected(path, undefined), () => known.onNotReached(path)]) {
      await known.findAgain(ActorId.parse(path));
      expect(known.get(path)).to.deep.equal(onNode('found'));
      forget();
      expect(known.get(path)).to.equal(undefined);
    }
    expect(refreshed).to.equal(2);
    await known.find(ActorId.parse(path));
    isForgetful = true;
    expect(known.get(path)).to.equal(undefined);
  });
});
