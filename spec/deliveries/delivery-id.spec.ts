import { expect } from 'chai';
import { messageId, namedMessageId, reminderId } from '../../lib/deliveries/delivery-id';

describe('The id of a delivery', () => {
  it('is another one for each actor and name, whatever stands in them', () => {
    expect(reminderId('app/Actor/a#b', 'c')).not.to.equal(reminderId('app/Actor/a', 'b#c'));
    expect(namedMessageId('app/Actor/a#b', 'c')).not.to.equal(namedMessageId('app/Actor/a', 'b#c'));
    expect(reminderId('app/Actor/a', 'b')).not.to.equal(namedMessageId('app/Actor/a', 'b'));
  });

  it('of a message without a name has 128 random bits', () => {
    let last = 0;
    const random = { uint32: () => ++last, fraction: () => 0, below: () => 0 };
    expect(messageId(random)).to.equal('message/00000001000000020000000300000004');
  });
});
