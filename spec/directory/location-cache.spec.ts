import { expect } from 'chai';
import { LocationCache, type Location } from '../../lib/directory/location-cache';

const onNode = (name: string): Location => ({ node: { name, incarnation: 1 }, address: `${name}:1` });

describe('The places of actors that are remembered', () => {
  let counters: { readonly found: { value: number }; readonly missed: { value: number } };
  let cache: LocationCache;

  beforeEach(() => {
    counters = { found: { value: 0 }, missed: { value: 0 } };
    cache = new LocationCache(32, counters as never);
  });

  it('are no more than there is room for: those that were noted longest ago give way', () => {
    for (let actor = 0; actor < 32; actor++) cache.set(`a${actor}`, onNode('n1'));
    expect(cache.size).to.equal(32);
    // It is noted again, and so none of the oldest.
    cache.set('a0', onNode('n2'));
    expect(cache.size).to.equal(32);
    for (let actor = 32; actor < 1_000; actor++) {
      cache.set(`a${actor}`, onNode('n1'));
      expect(cache.size).to.be.at.most(32);
    }
    expect([cache.peek('a999'), cache.peek('a970')]).to.deep.equal([onNode('n1'), onNode('n1')]);
  });

  it('give way in the order in which they were noted, also those that were noted before', () => {
    for (let actor = 0; actor < 32; actor++) cache.set(`a${actor}`, onNode('n1'));
    cache.set('a0', onNode('n2'));
    cache.set('a32', onNode('n1'));
    expect(['a0', 'a1', 'a2', 'a3'].map((path) => cache.peek(path)?.address)).to.deep.equal([
      'n2:1',
      undefined,
      undefined,
      'n1:1',
    ]);
  });

  it('are counted when they are looked for, found or not', () => {
    cache.correct('a', onNode('n1'));
    for (const path of ['a', 'b', 'a']) cache.get(path);
    cache.peek('b');
    cache.correct('a', undefined);
    expect([cache.get('a'), counters.found.value, counters.missed.value]).to.deep.equal([undefined, 2, 2]);
  });
});
