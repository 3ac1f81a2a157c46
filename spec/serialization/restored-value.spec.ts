import { expect } from 'chai';
import { objectsOf, restoredValue } from '../../lib/serialization/restored-value';

class Spot {
  constructor(
    public plate = '',
    public since = new Date(0),
  ) {}
}
class Garage {
  name = 'north';
  spots = new Map<string, Spot>();
  queue: { plate: string }[] = [];
  seen = new Set<object>();
  readonly tariff = Object.freeze({ perHour: 2 });
  prices: Record<string, unknown> = { day: 1, night: { each: 2 } };
}
function garage(): Garage {
  const made = new Garage();
  made.spots.set('a', new Spot('X 1')).set('b', new Spot('X 2'));
  made.queue.push({ plate: 'Y 1' }, { plate: 'Y 2' }, { plate: 'Y 3' });
  made.seen.add({ day: 1 });
  return made;
}

describe('A value that is given the content it had', () => {
  it('is made of the objects it had, wherever the turn has put them', () => {
    const value = garage();
    const objects = objectsOf(value);
    const { spots, queue, prices, seen } = value;
    const [a, [first, second, third]] = [spots.get('a') as Spot, queue];
    a.plate = 'other';
    a.since.setTime(5);
    spots.set('c', a).delete('a');
    queue.shift();
    (second as { plate: string }).plate = 'changed';
    delete prices['day'];
    (prices['night'] as { each: number }).each = 9;
    value.seen = new Set();
    value.queue = [];
    value.name = 'south';
    Object.assign(value, { more: [1] });

    const restored = restoredValue(objects, garage()) as Garage;
    expect(restored).to.equal(value).and.to.deep.equal(garage());
    expect(Object.keys(restored)).to.deep.equal(Object.keys(garage()));
    expect(Object.keys(restored.prices)).to.deep.equal(['day', 'night']);
    expect([restored.spots, restored.queue, restored.prices, restored.seen]).to.have.ordered.members([
      spots,
      queue,
      prices,
      seen,
    ]);
    expect(restored.spots.get('a')).to.equal(a);
    expect(restored.queue).to.have.ordered.members([first, second, third]);
  });

  it('finds its objects whatever the order of their names', () => {
    const value = { b: { of: 'b' }, a: { of: 'a' } };
    const objects = objectsOf(value);
    const { a, b } = value;
    const restored = restoredValue(objects, { a: { of: 'a' }, b: { of: 'b' } }) as typeof value;
    expect([restored, restored.a, restored.b]).to.have.ordered.members([value, a, b]);
    expect(restored).to.deep.equal({ a: { of: 'a' }, b: { of: 'b' } });
  });

  it('is the content itself where its objects are others, and has what is made again for what nobody can change', () => {
    const content = garage();
    expect(restoredValue(objectsOf(new Garage()), content)).to.equal(content);
    expect(restoredValue(objectsOf({ ...content, queue: new Set(content.queue) }), content)).to.equal(content);
    const value = garage();
    Object.freeze(value.queue);
    const restored = restoredValue(objectsOf(value), content) as Garage;
    expect(restored).to.equal(value);
    expect(restored.queue).to.equal(content.queue);
  });

  it('has no objects when it refers to itself', () => {
    const circle: unknown[] = [];
    circle.push(circle);
    expect(() => objectsOf(circle))
      .to.throw()
      .with.property('code', 'UNSERIALIZABLE_VALUE');
  });
});
