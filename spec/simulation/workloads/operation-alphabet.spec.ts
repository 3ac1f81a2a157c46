import { expect } from 'chai';
import { Xoshiro128 } from '../../../lib/simulation/random/xoshiro128';
import { OperationAlphabet, type AlphabetOperation } from '../../../lib/simulation/workloads/operation-alphabet';

type Typist = { readonly random: Xoshiro128; readonly typed: string[] };

const letter = (name: string, weight: number, kind?: AlphabetOperation<Typist>['kind']): AlphabetOperation<Typist> => ({
  name,
  weight,
  ...(kind === undefined ? {} : { kind }),
  run: async ({ typed }) => void typed.push(name),
});

describe('An alphabet of operations', () => {
  it('draws operations as often as their weights say, from the randomness of the client', async () => {
    const alphabet = new OperationAlphabet([letter('often', 9), letter('seldom', 1)]);
    const typist: Typist = { random: new Xoshiro128(1), typed: [] };
    for (let count = 0; count < 2_000; count++) expect(await alphabet.perform(typist)).to.equal(typist.typed.at(-1));
    expect(typist.typed.filter((name) => name === 'seldom').length).to.be.within(150, 250);
    const again: Typist = { random: new Xoshiro128(1), typed: [] };
    for (let count = 0; count < 2_000; count++) await alphabet.perform(again);
    expect(again.typed).to.deep.equal(typist.typed);
  });

  it('gives the operations of some kinds, and a part that the seed picks', () => {
    const alphabet = new OperationAlphabet([letter('a', 1), letter('b', 1, 'adversarial'), letter('c', 1, 'nemesis')]);
    expect(alphabet.only('normal', 'nemesis').operations.map(({ name }) => name)).to.deep.equal(['a', 'c']);
    const parts = new Set<string>();
    for (let seed = 1; seed <= 100; seed++)
      parts.add(
        alphabet
          .swarm(new Xoshiro128(seed))
          .operations.map(({ name }) => name)
          .join(''),
      );
    expect([...parts].sort()).to.deep.equal(['a', 'ab', 'abc', 'ac', 'b', 'bc', 'c']);
  });

  it('refuses weights that are none, names that come twice, and emptiness', () => {
    expect(() => new OperationAlphabet([letter('a', 0)])).to.throw(/'a' has the weight 0/);
    expect(() => new OperationAlphabet([letter('a', 1), letter('a', 2)])).to.throw(/two operations 'a'/);
    expect(() => new OperationAlphabet([letter('a', 1)]).only('nemesis')).to.throw(/no operations/);
  });
});
