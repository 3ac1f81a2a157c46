import { expect } from 'chai';
import type { Membership } from '../../lib/cluster/membership';
import type { MembershipView } from '../../lib/cluster/membership-store';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import { formatHome, type ObserverHome } from '../../lib/identity/observer-key';
import { ObserverHomes, type HomeRoute } from '../../lib/messaging/observer-homes';

const home = (name: string): ObserverHome => ({ node: { name, incarnation: 7 }, mark: '0123456789abcdef' });
const moment = () => new Promise((done) => setImmediate(done));

describe('The homes of observers', () => {
  let view: MembershipView;
  let connections: Map<string, PacketConnection>;
  /** The looks at the store that have no answer yet. */
  let looks: { readonly done: () => void; readonly failed: (error: Error) => void }[];
  let homes: ObserverHomes;
  let log: string[];

  const connect = (client: string): void =>
    void connections.set(formatHome(home(client)), { name: client } as unknown as PacketConnection);
  const find = (client: string, what: string): void =>
    homes.find(home(client), (route) => log.push(`${what} ${describeRoute(route)}`));

  beforeEach(() => {
    view = { version: 1, members: [] } as unknown as MembershipView;
    connections = new Map();
    looks = [];
    log = [];
    const membership: Pick<Membership, 'view' | 'refresh'> = {
      get view() {
        return view;
      },
      refresh: () => new Promise((resolve, reject) => looks.push({ done: () => resolve(), failed: reject })),
    };
    homes = new ObserverHomes(membership, { connectionOf: (of) => connections.get(formatHome(of as ObserverHome)) });
  });

  it('are found at once when their client has connected, or their node is in the view', () => {
    connect('client1');
    view = {
      ...view,
      members: [{ name: 'node1', incarnation: 7, address: 'node1:1', status: 'active' }],
    } as unknown as MembershipView;
    find('client1', 'a');
    find('node1', 'b');
    expect(log).to.deep.equal(['a by client1', 'b at node1:1']);
    expect(looks).to.have.length(0);
  });

  it('are looked for in the store once for all who ask meanwhile, and who asked first is called back first', async () => {
    find('client1', 'a');
    find('client1', 'b');
    expect(looks).to.have.length(1);
    connect('client1');
    looks[0]?.done();
    await moment();
    expect(log).to.deep.equal(['a by client1', 'b by client1']);
  });

  it('are known to those that wait when they are known to one who asks later, and before it', async () => {
    find('client1', 'a');
    find('client1', 'b');
    connect('client1');
    find('client1', 'c');
    expect(log).to.deep.equal(['a by client1', 'b by client1', 'c by client1']);
    looks[0]?.done();
    await moment();
    expect(log).to.have.length(3);
  });

  it('are nowhere when the store fails and nothing is known, and are looked for again by the next', async () => {
    find('client1', 'a');
    looks[0]?.failed(new Error('the store is away'));
    await moment();
    find('client1', 'b');
    expect(looks).to.have.length(2);
    looks[1]?.done();
    await moment();
    expect(log).to.deep.equal(['a nowhere', 'b nowhere']);
  });

  it('do not wait for each other', async () => {
    find('client1', 'a');
    find('client2', 'b');
    connect('client2');
    looks[1]?.done();
    await moment();
    expect(log).to.deep.equal(['b by client2']);
  });
});

function describeRoute(route: HomeRoute | undefined): string {
  if (route === undefined) return 'nowhere';
  const { connection, location } = route;
  return connection === undefined ? `at ${location.address}` : `by ${(connection as unknown as { name: string }).name}`;
}
