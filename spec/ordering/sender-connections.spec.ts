import { expect } from 'chai';
import { SenderConnections } from '../../lib/ordering/sender-connections';
import type { PacketConnection } from '../../lib/connection/packet-connection';

/** As much of a connection as routes look at. */
let order = 0;

function connectionOf(identity: string): PacketConnection {
  const remote: Partial<NonNullable<PacketConnection['remote']>> = { identity };
  return { remote, order: ++order } as PacketConnection;
}

describe('The routes of a sender', () => {
  const [first, second] = [connectionOf('node n1#1 5e55'), connectionOf('node n1#1 5e55')];

  it('end where a later one begins: what still comes by the old one is late, and nothing that comes by the new one', () => {
    const routes = new SenderConnections(({ remote }) => remote?.identity ?? '');
    expect([first, first, second, second].map((route) => routes.isLate(route))).to.deep.equal([
      false,
      false,
      false,
      false,
    ]);
    expect([first, second, first].map((route) => routes.isLate(route))).to.deep.equal([true, false, true]);
  });

  it('end so too when nothing had come by the old one yet', () => {
    const routes = new SenderConnections(({ remote }) => remote?.identity ?? '');
    expect([second, first].map((route) => routes.isLate(route))).to.deep.equal([false, true]);
  });

  it('are those of one process each: others send as they like', () => {
    const routes = new SenderConnections(({ remote }) => remote?.identity ?? '');
    const [other, client] = [connectionOf('node n1#1 0000'), connectionOf('client n1#1 5e55')];
    const last = connectionOf('node n1#1 5e55');
    expect([last, other, client, first].map((route) => routes.isLate(route))).to.deep.equal([
      false,
      false,
      false,
      true,
    ]);
  });

  it('are remembered while any of them is open, and no longer', () => {
    const routes = new SenderConnections(({ remote }) => remote?.identity ?? '');
    expect([first, second].map((route) => routes.isLate(route))).to.deep.equal([false, false]);
    routes.forget(second);
    expect(routes.isLate(first)).to.equal(true);
    routes.forget(first);
    expect(routes.isLate(first)).to.equal(false);
  });
});
