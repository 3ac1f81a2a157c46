import { expect } from 'chai';
import { LiveStateRegistry } from '../../lib/observability/live-state-registry';

describe('The state registry', () => {
  it('asks for a state only when somebody looks, and then gives the present one', () => {
    const registry = new LiveStateRegistry();
    let asked = 0;
    registry.publish('queue', () => ({ length: ++asked }));
    expect(asked).to.equal(0);
    expect([registry.read('queue'), registry.read('queue')]).to.deep.equal([{ length: 1 }, { length: 2 }]);
  });

  it('names its keys in order, and knows nothing of what is withdrawn', () => {
    const registry = new LiveStateRegistry();
    registry.publish('b', () => 1);
    const withdraw = registry.publish('a', () => 2);
    expect(registry.keys).to.deep.equal(['a', 'b']);
    withdraw();
    expect(registry.keys).to.deep.equal(['b']);
    expect(registry.read('a')).to.equal(undefined);
  });

  it('keeps the newer of two publishers, also when the older one withdraws', () => {
    const registry = new LiveStateRegistry();
    const withdraw = registry.publish('a', () => 1);
    registry.publish('a', () => 2);
    withdraw();
    expect(registry.read('a')).to.equal(2);
  });

  it('shows the error of a state that cannot be read', () => {
    const registry = new LiveStateRegistry();
    registry.publish('a', () => {
      throw new Error('half built');
    });
    expect(registry.read('a')).to.deep.equal({ error: 'half built' });
  });

  it('is bounded', () => {
    const registry = new LiveStateRegistry();
    for (let key = 0; key < 10_000; key++) registry.publish(`k${key}`, () => key);
    expect(() => registry.publish('one more', () => 0)).to.throw('INVALID_OPTION');
    registry.publish('k5', () => -5);
    expect(registry.read('k5')).to.equal(-5);
  });
});
