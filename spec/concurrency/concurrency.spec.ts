import { expect } from 'chai';
import fc from 'fast-check';
import { DeadlineQueue, type DeadlineItem } from '../../lib/concurrency/deadline-queue';
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
        expect(heap.removeWhere(({ value }) => value % 3 === 0)).to.equal(
          values.filter((value) => value % 3 === 0).length,
        );
        const taken: number[] = [];
        for (let item = heap.take(); item !== undefined; item = heap.take()) taken.push(item.value);
        expect(taken).to.deep.equal(values.filter((value) => value % 3 !== 0).sort((a, b) => a - b));
      }),
    );
  });
});

interface Due extends DeadlineItem {
  readonly name: number;
}

describe('A deadline queue', () => {
  it('knows the earliest of its items, however they were added and removed', () => {
    const operation = fc.oneof(fc.record({ add: fc.nat(30) }), fc.record({ remove: fc.nat(40) }));
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 120 }), (operations) => {
        const queue = new DeadlineQueue<Due>();
        let model: Due[] = [];
        operations.forEach((step, name) => {
          if ('add' in step) {
            const item: Due = {
              name,
              deadline: step.add,
              heapIndex: -1,
              earlier: undefined,
              later: undefined,
              isLinked: false,
            };
            queue.add(item);
            model.push(item);
          } else {
            const item = model[step.remove];
            if (item === undefined) return;
            queue.remove(item);
            queue.remove(item);
            model = model.filter((other) => other !== item);
          }
          expect(queue.size).to.equal(model.length);
          expect(queue.peek()?.deadline).to.equal(
            model.length === 0 ? undefined : Math.min(...model.map(({ deadline }) => deadline)),
          );
          const namesOf = (items: readonly Due[]) => items.map((item) => item.name).sort((a, b) => a - b);
          expect(namesOf(queue.values())).to.deep.equal(namesOf(model));
        });
      }),
    );
  });
});

describe('A state machine', () => {
  it('refuses a move that is not declared, and names both states and whose they are', () => {
    const machine = new StateMachine<'open' | 'shut'>('The door', { open: ['shut'], shut: [] }, 'open');
    machine.move('shut');
    expect(() => machine.move('open'))
      .to.throw('INVALID_STATE_MOVE')
      .with.property('message')
      .that.contains('The door cannot move from shut to open');
    expect([machine.is('open'), machine.is('shut')]).to.deep.equal([false, true]);
  });
});
