import { expect } from 'chai';
import { KeyedRolls } from '../../../lib/simulation/random/keyed-rolls';

const draw = (count: number, next: () => number) => Array.from({ length: count }, next);

describe('Keyed rolls', () => {
  it('are the same for the same seed, site, entity and number', () => {
    const [a, b] = [new KeyedRolls(17).sequence('drop', 'a>b'), new KeyedRolls(17).sequence('drop', 'a>b')];
    expect(draw(50, () => a.uint32())).to.deep.equal(draw(50, () => b.uint32()));
  });

  it('do not move each other: what other sites and entities draw changes nothing', () => {
    const alone = new KeyedRolls(17).sequence('drop', 'a>b');
    const rolls = new KeyedRolls(17);
    const mixed = rolls.sequence('drop', 'a>b');
    const drawn = draw(50, () => {
      rolls.sequence('drop', 'b>a').fraction();
      rolls.sequence('delay', 'a>b').fraction();
      return mixed.uint32();
    });
    expect(drawn).to.deep.equal(draw(50, () => alone.uint32()));
  });

  it('differ between seeds that are near, also beyond 32 bits', () => {
    const firsts = new Set<number>();
    for (const seed of [0, 1, 2, 2 ** 32, 2 ** 32 + 1, 2 ** 53 - 1])
      firsts.add(new KeyedRolls(seed).sequence('x').uint32());
    expect(firsts.size).to.equal(6);
  });

  it('are evenly spread', () => {
    const rolls = new KeyedRolls(5).sequence('spread');
    const counts = new Array<number>(10).fill(0);
    for (let roll = 0; roll < 100_000; roll++) {
      const drawn = rolls.below(10);
      counts[drawn] = (counts[drawn] ?? 0) + 1;
    }
    for (const count of counts) expect(count).to.be.within(9_600, 10_400);
  });

  it('draw nothing where the answer is certain', () => {
    const [certain, plain] = [new KeyedRolls(1).sequence('x'), new KeyedRolls(1).sequence('x')];
    expect(certain.chance(0)).to.equal(false);
    expect(certain.chance(1)).to.equal(true);
    expect(certain.between(3, 3)).to.equal(3);
    expect(certain.uint32()).to.equal(plain.uint32());
  });

  it('decide how a fault goes by rolls of its own, which leaving out another does not move', () => {
    const manners = (suppressed: readonly string[], probability: number) => {
      let name = '';
      const rolls = new KeyedRolls(9, (struck) => (name = struck), { suppressed: new Set(suppressed) }).sequence(
        'drop',
        'a>b',
      );
      const found = new Map<string, number>();
      for (let roll = 0; roll < 40; roll++) if (rolls.strikes(probability)) found.set(name, rolls.manner().fraction());
      return found;
    };
    const all = manners([], 0.2);
    const [first] = all.keys();
    const others = new Map(all);
    others.delete(first as string);
    expect(manners([first as string], 0.2)).to.deep.equal(others);
    expect(new Set(all.values()).size).to.equal(all.size);
    expect(new Set(manners([], 1).values()).size).to.equal(40);
  });

  it('name each fault, and leave out those that are suppressed without moving the others', () => {
    const struck = (suppressed: readonly string[]) => {
      const names: string[] = [];
      const rolls = new KeyedRolls(9, (name) => names.push(name), { suppressed: new Set(suppressed) }).sequence(
        'drop',
        'node2>node0',
      );
      for (let roll = 0; roll < 40; roll++) rolls.strikes(0.2);
      return names;
    };
    const all = struck([]);
    expect(all.length).to.be.within(2, 20);
    expect(all[0]).to.match(/^drop node2>node0 #\d+$/);
    expect(struck([all[1] as string])).to.deep.equal(all.filter((_, index) => index !== 1));
  });

  it('let only the faults strike to which a run was reduced, going as they went', () => {
    const struck = (only?: ReadonlySet<string>) => {
      const manners = new Map<string, number>();
      let name = '';
      const rolls = new KeyedRolls(9, (fault) => (name = fault), only === undefined ? {} : { only }).sequence(
        'partition',
      );
      for (let roll = 0; roll < 60; roll++) if (rolls.strikes(0.2)) manners.set(name, rolls.manner().uint32());
      return manners;
    };
    const all = struck();
    const kept = [...all].filter((_, index) => index % 3 === 1);
    expect(kept.length).to.be.greaterThan(1);
    expect([...struck(new Set(kept.map(([name]) => name)))]).to.deep.equal(kept);
  });
});
