import { expect } from 'chai';
import { SenderRoads } from '../../lib/messaging/sender-roads';
import type { PacketConnection } from '../../lib/connection/packet-connection';

/** As much of a connection as roads look at. */
let order = 0;

function connectionOf(identity: string): PacketConnection {
  const remote: Partial<NonNullable<PacketConnection['remote']>> = { identity };
  return { remote, order: ++order } as PacketConnection;
}

describe('The roads of a sender', () => {
  const [first, second] = [connectionOf('node n1#1 5e55'), connectionOf('node n1#1 5e55')];

  it('end where a later one begins: what still comes by the old one is late, and nothing that comes by the new one', () => {
    const roads = new SenderRoads();
    expect([first, first, second, second].map((road) => roads.isLate(road))).to.deep.equal([
      false,
      false,
      false,
      false,
    ]);
    expect([first, second, first].map((road) => roads.isLate(road))).to.deep.equal([true, false, true]);
  });

  it('end so too when nothing had come by the old one yet', () => {
    const roads = new SenderRoads();
    expect([second, first].map((road) => roads.isLate(road))).to.deep.equal([false, true]);
  });

  it('are those of one process each: others send as they like', () => {
    const roads = new SenderRoads();
    const [other, client] = [connectionOf('node n1#1 0000'), connectionOf('client n1#1 5e55')];
    const last = connectionOf('node n1#1 5e55');
    expect([last, other, client, first].map((road) => roads.isLate(road))).to.deep.equal([false, false, false, true]);
  });

  it('are remembered while any of them is open, and no longer', () => {
    const roads = new SenderRoads();
    expect([first, second].map((road) => roads.isLate(road))).to.deep.equal([false, false]);
    roads.forget(second);
    expect(roads.isLate(first)).to.equal(true);
    roads.forget(first);
    expect(roads.isLate(first)).to.equal(false);
  });
});
