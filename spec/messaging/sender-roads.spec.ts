import { expect } from 'chai';
import { SenderRoads } from '../../lib/messaging/sender-roads';
import type { PacketConnection } from '../../lib/connection/packet-connection';

/** As much of a connection as roads look at. */
function connectionOf(name: string, incarnation = 1): PacketConnection {
  const remote: Partial<NonNullable<PacketConnection['remote']>> = { node: { name, incarnation } };
  return { remote } as PacketConnection;
}

describe('The roads of a sender', () => {
  const [first, second] = [connectionOf('n1'), connectionOf('n1')];

  it('end where the next begins: what still comes by the old one is late, and nothing that comes by the new one', () => {
    const roads = new SenderRoads();
    expect([1, 2, 5].map((number) => roads.isLate(number, first))).to.deep.equal([false, false, false]);
    expect(roads.isLate(7, second)).to.equal(false);
    // A call that comes back to its sender is sent again, behind later ones.
    expect(roads.isLate(4, second)).to.equal(false);
    expect(roads.isLate(6, first)).to.equal(true);
    expect(roads.isLate(8, second)).to.equal(false);
  });

  it('are those of one process each: others send as they like', () => {
    const roads = new SenderRoads();
    roads.isLate(7, second);
    expect(roads.isLate(6, connectionOf('n2'))).to.equal(false);
    expect(roads.isLate(6, connectionOf('n1', 2))).to.equal(false);
    expect(roads.isLate(6, first)).to.equal(true);
  });

  it('are remembered while any of them is open, and no longer', () => {
    const roads = new SenderRoads();
    roads.isLate(1, first);
    roads.isLate(7, second);
    roads.forget(second);
    expect(roads.isLate(2, first)).to.equal(true);
    roads.forget(first);
    expect(roads.isLate(2, connectionOf('n1'))).to.equal(false);
  });
});
