import { expect } from 'chai';
import { messageId } from '../../lib/deliveries/delivery-id';
import { deliveryOfKey } from '../../lib/storage/message-key';

describe('The key of a call', () => {
  it('that a message without a name is says which delivery is done with it, also after refusals', () => {
    const id = messageId({ uint32: () => 7, fraction: () => 0, below: () => 0 });
    expect(deliveryOfKey(id)).to.equal(id);
    expect(deliveryOfKey(`${id}~3`)).to.equal(id);
  });

  it('of anything else says nothing of a delivery', () => {
    for (const key of ['tx-17', 'named/bill', 'reminder/x@5', 'message/', 'message/12~', `message/${'0'.repeat(33)}`])
      expect(deliveryOfKey(key), key).to.equal(undefined);
  });
});
