import { expect } from 'chai';
import { ConnectionTraffic } from '../../lib/connection/connection-traffic';

describe('The silence of the other side', () => {
  it('is reckoned from what was heard last, without the time in which this process stood still', () => {
    const traffic = new ConnectionTraffic(0);
    traffic.excuse(400, 1_000);
    expect(traffic.silentMs(1_000)).to.equal(600);
    traffic.excuse(9_000, 1_200);
    expect(traffic.silentMs(1_500), 'no more than there was').to.equal(300);
  });

  it('is excused once: one that comes after something was heard is as long as it is', () => {
    const traffic = new ConnectionTraffic(0);
    traffic.excuse(4_000, 5_000);
    traffic.receivedPackets++;
    traffic.received(10, 5_000);
    expect(traffic.silentMs(8_000)).to.equal(3_000);
  });
});
