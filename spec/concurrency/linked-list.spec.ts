import { expect } from 'chai';
import fc from 'fast-check';
import { LinkedList, type Linked } from '../../lib/concurrency/linked-list';

interface Named extends Linked {
  readonly name: number;
}
const named = (name: number): Named => ({ name, earlier: undefined, later: undefined, isLinked: false });

describe('A linked list', () => {
  it('keeps its items in the order in which they came, wherever others are taken out', () => {
    const operation = fc.oneof(
      fc.constant('append' as const),
      fc.constant('shift' as const),
      fc.record({ unlink: fc.nat(30) }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 120 }), (operations) => {
        const list = new LinkedList<Named>();
        const model: Named[] = [];
        operations.forEach((step, name) => {
          if (step === 'append') {
            const item = named(name);
            list.append(item);
            model.push(item);
          } else if (step === 'shift') {
            expect(list.shift()).to.equal(model.shift());
          } else {
            const item = model[step.unlink];
            if (item === undefined) return;
            expect(list.unlink(item)).to.equal(true);
            model.splice(step.unlink, 1);
          }
          expect(list.items).to.have.ordered.members(model);
          expect([list.length, list.first, list.last]).to.deep.equal([model.length, model[0], model.at(-1)]);
        });
      }),
    );
  });

  it('is walked from its first item to its last', () => {
    const list = new LinkedList<Named>();
    for (let name = 0; name < 3; name++) list.append(named(name));
    const names: number[] = [];
    for (let item = list.first; item !== undefined; item = list.after(item)) names.push(item.name);
    expect(names).to.deep.equal([0, 1, 2]);
  });

  it('does nothing about an item that is in no list, and takes one back that was in another', () => {
    const [one, other] = [new LinkedList<Named>(), new LinkedList<Named>()];
    const item = named(1);
    expect(one.unlink(item)).to.equal(false);
    one.append(item);
    one.append(named(2));
    expect([one.unlink(item), one.unlink(item), item.later, item.earlier]).to.deep.equal([
      true,
      false,
      undefined,
      undefined,
    ]);
    other.append(item);
    expect([one.length, other.length, item.isLinked]).to.deep.equal([1, 1, true]);
  });

  it('gives a list of its items that others may be taken out of meanwhile', () => {
    const list = new LinkedList<Named>();
    for (let name = 0; name < 3; name++) list.append(named(name));
    for (const item of list.items) list.unlink(item);
    expect([list.length, list.first, list.last]).to.deep.equal([0, undefined, undefined]);
  });
});
