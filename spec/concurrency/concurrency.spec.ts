import { expect } from 'chai';
import fc from 'fast-check';
import { IndexedHeap, type HeapItem } from '../../lib/concurrency/indexed-heap';
import { StateMachine } from '../../lib/concurrency/state-machine';

interface Numbered extends HeapItem {
  readonly value: number;
}
const numbered = (value: number): Numbered => ({ value, heapIndex: -1 });

describe('An indexed heap', () => {
  it('gives items in order, also when others were taken out of the middle', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50), fc.boolean()), { maxLength: 80 }), (entries) => {
        const heap = new IndexedHeap<Numbered>((a, b) => a.value < b.value);
        const items = entries.map(([value]) => numbered(value));
        for (const item of items) heap.add(item);
        const removed = items.filter((_, index) => entries[index]?.[1] === true);
        for (const item of removed) heap.remove(item);
        for (const item of removed) heap.remove(item);
        const taken: number[] = [];
        for (let item = heap.take(); item !== undefined; item = heap.take()) taken.push(item.value);
        const kept = items.filter((item) => !removed.includes(item)).map(({ value }) => value);
        expect(taken).to.deep.equal(kept.sort((a, b) => a - b));
      }),
    );
  });

  it('takes out all items that a predicate names, and stays in order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { maxLength: 60 }), (values) => {
        const heap = new IndexedHeap<Numbered>((a, b) => a.value < b.value);
        for (const value of values) heap.add(numbered(value));
        expect(heap.removeWhere(({ value }) => value % 3 === 0)).to.equal(values.filter((value) => value % 3 === 0).length);
        const taken: number[] = [];
        for (let item = heap.take(); item !== undefined; item = heap.take()) taken.push(item.value);
        expect(taken).to.deep.equal(values.filter((value) => value % 3 !== 0).sort((a, b) => a - b));
      }),
    );
  });
});

describe('A state machine', () => {
  it('refuses a move that is not declared, and names both states and whose they are', () => {
    const machine = new StateMachine<'open' | 'shut'>('The door', { open: ['shut'], shut: [] }, 'open');
    machine.move('shut');
    expect(() => machine.move('open')).to.throw('INVALID_STATE_MOVE').with.property('message').that.contains('The door cannot move from shut to open');
    expect(machine.is('open', 'shut')).to.equal(true);
  });
});
