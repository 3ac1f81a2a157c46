import { expect } from 'chai';
import { connect, withTwoMachines } from '../network-fixture';

describe('A lost delivery', () => {
  it('stalls the stream until it was sent again, and what follows waits for it', () =>
    withTwoMachines(
      1,
      async (parts) => {
        const { near, far } = await connect(parts);
        parts.unleash();
        near.say('lost ');
        parts.world.network.conditions.setFaulty(false);
        near.say('and found');
        await parts.sleep(150);
        expect(far.text).to.equal('');
        // Lost as often as it can be: 200, 400, ... 6,400 ms.
        await parts.sleep(12_500);
        expect([far.text, parts.engine.faults.get('loss')]).to.deep.equal(['lost and found', 6]);
      },
      { losses: { probability: 1 } },
    ));

  it('is usually lost once, for 200 ms', () =>
    withTwoMachines(
      1,
      async (parts) => {
        const { near, far } = await connect(parts);
        parts.unleash();
        while (parts.engine.faults.get('loss') === undefined) {
          near.say('x');
          await parts.sleep(2);
        }
        const length = far.text.length;
        await parts.sleep(190);
        expect(far.text.length).to.equal(length);
        await parts.sleep(20);
        expect(far.text.length).to.equal(length + 1);
      },
      { losses: { probability: 0.02 } },
    ));
});
