import { expect } from 'chai';
import { createConnection, createServer, type AddressInfo, type Socket } from 'node:net';
import { Deferred } from '../../../lib/concurrency/deferred';
import { isMoonpoolError, type MoonpoolError } from '../../../lib/errors/moonpool-error';
import type { NetworkAddress } from '../../../lib/identity/network-address';
import type { Connection } from '../../../lib/providers/network-provider';
import { NodeNetworkProvider } from '../../../lib/providers/node/node-network-provider';
import { NodeTimeProvider } from '../../../lib/providers/node/node-time-provider';
import type { TlsOptions } from '../../../lib/providers/tls-options';
import { describeNetworkProviderContract } from '../../contracts/network-provider';
import { Authority } from './certificates';

const ANYWHERE: NetworkAddress = { kind: 'tcp', host: '127.0.0.1', port: 0 };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What becomes of a connection: the text that it got, or the error that it ended with. */
async function outcomeOf(connecting: Promise<Connection>): Promise<string | MoonpoolError> {
  try {
    const connection = await connecting;
    const outcome = new Deferred<string | MoonpoolError>();
    connection.start({
      onData: (chunk) => {
        outcome.resolve(Buffer.from(chunk).toString());
        connection.destroy();
      },
      onClose: (error) => outcome.resolve(error ?? 'closed'),
    });
    return await outcome.promise;
  } catch (error) {
    return error as MoonpoolError;
  }
}

/** Lets a process with the one set of options connect to one with the other. */
async function meet(
  accepting: TlsOptions | undefined,
  dialling: TlsOptions | undefined,
): Promise<string | MoonpoolError> {
  const accepted: Connection[] = [];
  const listener = await new NodeNetworkProvider(accepting).listen(ANYWHERE, (connection) => {
    accepted.push(connection);
    connection.start({ onData: () => undefined, onClose: () => undefined });
    connection.write(Buffer.from('welcome'));
  });
  try {
    return await outcomeOf(new NodeNetworkProvider(dialling).connect(listener.address));
  } finally {
    for (const connection of accepted) connection.destroy();
    await listener.close();
  }
}

function expectFailure(outcome: string | MoonpoolError, why: string): void {
  if (!isMoonpoolError(outcome)) throw new Error(`TLS let somebody in: ${outcome}`);
  expect([outcome.code, outcome.message]).to.satisfy(
    ([code, message]: [string, string]) => code === 'TLS_FAILED' && message.includes(why),
    `${outcome.message} does not say: ${why}`,
  );
}

describe('TLS of Node.js', () => {
  let ours: Authority;
  let theirs: Authority;
  let good: TlsOptions;

  before(async () => {
    [ours, theirs] = await Promise.all([Authority.found('ours'), Authority.found('theirs')]);
    good = await ours.issue();
  });

  describeNetworkProviderContract('NodeNetworkProvider over TLS', {
    run: (body) => {
      const parts = { network: new NodeNetworkProvider(good), time: new NodeTimeProvider(), address: () => ANYWHERE };
      return body(parts, async () => parts);
    },
  });

  it('lets two processes of one authority talk', async () => {
    expect(await meet(good, good)).to.equal('welcome');
  });

  it('takes a certificate that is made out to a name of the whole cluster', async () => {
    const named = {
      ...(await ours.issue({ names: ['cluster.example'], addresses: [] })),
      serverName: 'cluster.example',
    };
    expect(await meet(named, named)).to.equal('welcome');
  });

  it('refuses a server whose certificate comes from another authority, and one that is not what it says', async () => {
    expectFailure(
      await meet(await theirs.issue(), { ...good, ca: ours.pem }),
      'does not come from a trusted authority',
    );
    expectFailure(
      await meet(await ours.issue({ names: ['elsewhere.example'], addresses: ['10.9.9.9'] }), good),
      'made out to another name',
    );
  });

  it('refuses certificates outside of their time', async () => {
    expectFailure(await meet(await ours.issue({ validDays: [-5, -4] }), good), 'has expired');
    expectFailure(await meet(await ours.issue({ validDays: [4, 5] }), good), 'not valid yet');
  });

  it('refuses a client that shows no certificate of the authority, and says so', async () => {
    const stranger = await theirs.issue();
    expectFailure(await meet(good, { ...stranger, ca: ours.pem }), 'it does not accept the certificate of this side');
    expectFailure(
      await meet(good, await ours.issue({ validDays: [-5, -4] })),
      'it does not accept the certificate of this side',
    );
  });

  it('lets a client of another authority in where none is asked for a certificate', async () => {
    const stranger = await theirs.issue();
    expect(await meet({ ...good, requireClientCertificate: false }, { ...stranger, ca: ours.pem })).to.equal('welcome');
  });

  it('says so when the other side does not speak it', async () => {
    const plain = createServer((socket) => socket.end('I speak plainly'));
    await new Promise<void>((resolve) => {
      plain.listen(0, '127.0.0.1', resolve);
    });
    const { port } = plain.address() as AddressInfo;
    expectFailure(
      await outcomeOf(new NodeNetworkProvider(good).connect({ kind: 'tcp', host: '127.0.0.1', port })),
      'does not speak TLS',
    );
    plain.close();
  });

  it('is not disturbed by strangers who speak plainly, say nothing, or leave', async () => {
    let accepted = 0;
    const server = new NodeNetworkProvider(good);
    const listener = await server.listen(ANYWHERE, (connection) => {
      accepted++;
      connection.start({ onData: () => undefined, onClose: () => undefined });
      connection.write(Buffer.from('welcome'));
    });
    const { port } = listener.address as NetworkAddress & { kind: 'tcp' };
    const strangers: Socket[] = [];
    let gone = 0;
    for (let number = 0; number < 100; number++) {
      const stranger = createConnection({ host: '127.0.0.1', port });
      stranger.on('error', () => undefined).on('close', () => gone++);
      if (number % 3 === 0) stranger.on('connect', () => stranger.write('GET / HTTP/1.1\r\n\r\n'));
      if (number % 3 === 1) stranger.on('connect', () => stranger.resetAndDestroy());
      strangers.push(stranger);
    }
    await sleep(100);
    expect(await outcomeOf(new NodeNetworkProvider(good).connect(listener.address))).to.equal('welcome');
    expect(accepted).to.equal(1);
    expect(gone).to.be.at.least(66);
    for (const stranger of strangers) stranger.destroy();
    await listener.close();
  });

  it('cuts the oldest of those who have not greeted when too many wait', async () => {
    const listener = await new NodeNetworkProvider(good).listen(ANYWHERE, () => undefined);
    const { port } = listener.address as NetworkAddress & { kind: 'tcp' };
    const silent: Socket[] = [];
    const gone: number[] = [];
    for (let number = 0; number < 80; number++) {
      await new Promise<void>((resolve) => {
        silent.push(
          createConnection({ host: '127.0.0.1', port }, resolve)
            .on('error', () => undefined)
            .on('close', () => gone.push(number)),
        );
      });
    }
    await sleep(50);
    expect(gone).to.have.length(16);
    expect(Math.max(...gone)).to.equal(15);
    for (const stranger of silent) stranger.destroy();
    await listener.close();
  });

  it('refuses keys and certificates that cannot be used when it is made, without quoting them', async () => {
    const other = await theirs.issue();
    for (const unusable of [
      { ...good, key: 'a secret that is no key' },
      { ...good, key: other.key },
      { ...good, cert: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----' },
    ]) {
      expect(() => new NodeNetworkProvider(unusable))
        .to.throw('INVALID_OPTION')
        .that.satisfies(
          ({ message }: Error) => !message.includes('a secret') && !message.includes(other.key.slice(40, 60)),
        );
    }
  });

  it('protects an address that others can reach', () => {
    const reachable: NetworkAddress = { kind: 'tcp', host: '0.0.0.0', port: 0 };
    expect(new NodeNetworkProvider().isExposed(reachable)).to.equal(true);
    expect(new NodeNetworkProvider(good).isExposed(reachable)).to.equal(false);
    for (const host of ['127.0.0.1', '::1', 'localhost'])
      expect(new NodeNetworkProvider().isExposed({ ...reachable, host })).to.equal(false);
    for (const host of ['127.example', '::', '10.0.0.1', 'node-1'])
      expect(new NodeNetworkProvider().isExposed({ ...reachable, host })).to.equal(true);
  });
});
