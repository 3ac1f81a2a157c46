import { expect } from 'chai';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { formatAddress, parseAddress, type NetworkAddress } from '../../lib/identity/network-address';
import { wellKnownToken } from '../../lib/identity/well-known-token';
import type { Connection, NetworkProvider } from '../../lib/providers/network-provider';
import { LinkChooser } from '../../lib/connection/link';
import { withTwoMachines } from '../simulation/network/network-fixture';
import { Station } from '../transport/transport-fixture';

/** A network that notes what was tried, and on which nobody but the given addresses answers. */
class NotingNetwork implements NetworkProvider {
  readonly tried: string[] = [];

  constructor(private readonly answering: readonly string[]) {}

  listen(): Promise<never> {
    return Promise.reject(new Error('Nobody listens in this spec.'));
  }

  isExposed(): boolean {
    return false;
  }

  connect(address: NetworkAddress): Promise<Connection> {
    const text = formatAddress(address);
    this.tried.push(text);
    if (!this.answering.includes(text))
      return Promise.reject(new MoonpoolError('CONNECTION_REFUSED', { message: 'Nobody answers' }));
    return Promise.resolve({ remoteAddress: text } as Connection);
  }
}

const WORDS = wellKnownToken(40);
const SOCKET = 'unix:/run/127.0.0.1-5000.sock';
const TCP = '127.0.0.1:5000';

async function choose(network: NotingNetwork, address = TCP, ownHost = ''): Promise<string> {
  const chooser = new LinkChooser(network, parseAddress(address), '/run/', () => ownHost);
  const { kind, stream } = await chooser.connect();
  return `${kind} ${stream.remoteAddress}`;
}

describe('The choice of a link', () => {
  it('takes the Unix socket of an address of this machine', async () => {
    const network = new NotingNetwork([SOCKET, TCP]);
    expect([await choose(network), network.tried]).to.deep.equal([`unix ${SOCKET}`, [SOCKET]]);
  });

  it('falls back to TCP when nobody answers at the socket', async () => {
    const network = new NotingNetwork([TCP]);
    expect([await choose(network), network.tried]).to.deep.equal([`tcp ${TCP}`, [SOCKET, TCP]]);
  });

  it('does not look for a socket of another machine', async () => {
    const network = new NotingNetwork(['10.0.0.9:5000']);
    expect([await choose(network, '10.0.0.9:5000', '10.0.0.1'), network.tried]).to.deep.equal([
      'tcp 10.0.0.9:5000',
      ['10.0.0.9:5000'],
    ]);
  });

  it('takes the host that this node listens on for this machine', async () => {
    const network = new NotingNetwork(['unix:/run/10.0.0.1-5000.sock']);
    expect(await choose(network, '10.0.0.1:5000', '10.0.0.1')).to.equal('unix unix:/run/10.0.0.1-5000.sock');
  });

  it('takes TCP after a socket that led nowhere, once', async () => {
    const network = new NotingNetwork([SOCKET, TCP]);
    const chooser = new LinkChooser(network, parseAddress(TCP), '/run', () => '');
    chooser.mistrust();
    expect([(await chooser.connect()).kind, (await chooser.connect()).kind]).to.deep.equal(['tcp', 'unix']);
  });

  it('does not talk to another node that listens at the socket, and tries TCP instead', () =>
    withTwoMachines(1, async (parts) => {
      const options = { localSocketFolder: '/run', reconnectMinMs: 1, reconnectMaxMs: 10 };
      const one = new Station(parts, parts.a, options);
      await one.transport.start();
      const network = parts.network(parts.a);
      // Somebody else's transport behind the socket that belongs to port 6000 of the same machine.
      await network.listen({ kind: 'unix', path: '/run/10.0.0.1-6000.sock' }, (connection) => {
        void network.connect(parseAddress(one.address)).then((onward) => {
          connection.start({ onData: (bytes) => void onward.write(bytes), onClose: () => onward.destroy() });
          onward.start({ onData: (bytes) => void connection.write(bytes), onClose: () => connection.destroy() });
        });
      });
      const peer = one.transport.peer('10.0.0.1:6000');
      peer.sendReliable(WORDS, (into) => into.text('not for you'));
      await parts.sleep(500);
      expect([one.received, peer.hasUnacknowledged]).to.deep.equal([[], true]);
      expect(one.losses.map(({ detail }) => detail)).to.include(
        'The local socket of 10.0.0.1:6000 belongs to another node',
      );
      expect(
        one.losses.some(({ cause }) => cause instanceof MoonpoolError && cause.code === 'CONNECTION_REFUSED'),
      ).to.equal(true);
    }));
});
