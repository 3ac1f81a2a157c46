import { expect } from 'chai';
import { parseAddress } from '../../lib/identity/network-address';
import { WellKnownToken, wellKnownToken } from '../../lib/identity/well-known-token';
import type { Connection } from '../../lib/providers/network-provider';
import { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import { ClusterSecret } from '../../lib/handshake/cluster-secret';
import { Handshake, handshakePacket } from '../../lib/handshake/handshake';
import { writeHello } from '../../lib/handshake/greeting-codec';
import { LocalNode } from '../../lib/identity/local-node';
import type { SecurityOptions } from '../../lib/handshake/security-options';
import type { TransportOptions } from '../../lib/connection/transport-options';
import { PacketReader } from '../../lib/wire/packet-reader';
import { Ear, withTwoMachines, type TwoMachines } from '../simulation/network/network-fixture';
import { Station } from './transport-fixture';

const SECURITY: SecurityOptions = { clusterSecret: 'a secret of the cluster' };
const HELLO = wellKnownToken(WellKnownToken.hello);

interface Besieged extends TwoMachines {
  /** Is listened to by the strangers of machine a. */
  readonly station: Station;
  /** A friend on machine a. */
  readonly friend: Station;
  /** A connection of a stranger, with an ear for what comes back. */
  knock(): Promise<Ear>;
}

function besieged(
  options: Partial<TransportOptions>,
  body: (parts: Besieged) => Promise<void>,
  security = SECURITY,
): Promise<unknown> {
  return withTwoMachines(1, async (parts) => {
    const station = new Station(parts, parts.b, options, security);
    const friend = new Station(parts, parts.a, {}, security);
    await Promise.all([station.transport.start(), friend.transport.start()]);
    const knock = async () => new Ear(await parts.network(parts.a).connect(parseAddress(station.address)), 'latin1');
    await body({ ...parts, station, friend, knock });
  });
}

const doorOf = (station: Station) => ({
  ...station.transport.describe().door,
  incoming: station.transport.describe().incoming,
});

function greeting(): Buffer {
  const local = new LocalNode('node', 'spec', 'stranger');
  local.join({ name: 'stranger', incarnation: 1 });
  return Buffer.from(handshakePacket(HELLO, writeHello(local, Buffer.alloc(32))));
}

describe('The door of a node', () => {
  it('is open to those who know the secret', () =>
    besieged({}, async ({ station, friend, sleep }) => {
      friend.send(station, 'hello');
      await sleep(100);
      expect(station.received).to.deep.equal(['hello']);
      expect(doorOf(station)).to.deep.equal({ incoming: 1, unauthenticated: 0, refused: 0, displaced: 0 });
    }));

  it('is shut after the limit of a handshake for those who say nothing, and for those who drip', () =>
    besieged({}, async ({ station, knock, sleep }) => {
      const silent = await knock();
      const dripping = await knock();
      const bytes = greeting();
      for (let at = 0; at < 60 && dripping.closes === 0; at++) {
        dripping.connection.write(bytes.subarray(at, at + 1));
        await sleep(50);
      }
      expect([silent.closes, dripping.closes]).to.deep.equal([1, 1]);
      expect(doorOf(station)).to.include({ incoming: 0, unauthenticated: 0 });
      expect(station.losses.map(({ message }) => message)).to.satisfy((messages: string[]) =>
        messages.every((message) => message.includes('the handshake took longer than 2000 ms')),
      );
    }));

  it('stays shut for those who have greeted and do not prove what they say', () =>
    besieged({}, async ({ station, knock, sleep }) => {
      const stranger = await knock();
      stranger.connection.write(greeting());
      await sleep(1_000);
      expect(doorOf(station)).to.include({ unauthenticated: 1 });
      expect(stranger.text).to.have.length.greaterThan(24);
      stranger.connection.write(Buffer.from(handshakePacket(wellKnownToken(WellKnownToken.proof), Buffer.alloc(32))));
      await sleep(1_500);
      expect(stranger.text).to.contain('does not know the cluster secret');
      expect(station.losses.map(({ code }) => code)).to.deep.equal(['AUTHENTICATION_FAILED']);
      expect(doorOf(station)).to.include({ incoming: 0, unauthenticated: 0 });
    }));

  it('reads no more than a kibibyte of somebody who has not proven who he is', () =>
    besieged({}, async ({ station, knock, sleep }) => {
      const stranger = await knock();
      const header = Buffer.alloc(24);
      header.writeUInt32LE(24 + 1_025, 0);
      stranger.connection.write(header);
      await sleep(100);
      expect(station.losses[0]?.message).to.match(
        /The connection to \S+ is gone: a packet announces 1049 bytes; the limit is 1048/,
      );
      expect(stranger.text).to.contain('the limit is 1048');
    }));

  it('reads more than that once he has', () =>
    besieged({}, async ({ station, friend, sleep }) => {
      friend.send(station, 'x'.repeat(100_000));
      await sleep(100);
      expect(station.received[0]).to.have.length(100_000);
    }));

  it('gives nobody who has not proven who he is to an endpoint, whatever he sends behind his greeting', () =>
    besieged({}, async ({ station, knock, sleep }) => {
      const stranger = await knock();
      stranger.connection.write(
        Buffer.concat([greeting(), handshakePacket(wellKnownToken(40), Buffer.from('let me in'))]),
      );
      await sleep(100);
      expect(station.received).to.deep.equal([]);
      expect(stranger.text).to.contain('the other side did not prove itself after its greeting');
    }));

  it('lets friends in while strangers flood it, and keeps few of them', () =>
    besieged({}, async ({ station, friend, knock, sleep, network, a }) => {
      const strangers: Ear[] = [];
      for (let number = 0; number < 300; number++) strangers.push(await knock());
      expect(doorOf(station).unauthenticated).to.equal(64);
      const flood = async (): Promise<void> => {
        for (let number = 0; number < 200; number++) {
          const connection: Connection = await network(a).connect(parseAddress(station.address));
          connection.start({ onData: () => undefined, onClose: () => undefined });
          await sleep(1);
        }
      };
      await Promise.all([flood(), sleep(20).then(() => friend.send(station, 'through the crowd'))]);
      await sleep(100);
      expect(station.received).to.deep.equal(['through the crowd']);
      expect(doorOf(station).unauthenticated).to.be.at.most(64);
      expect(doorOf(station).displaced).to.be.at.least(300 - 64);
      await sleep(3_000);
      expect(doorOf(station)).to.include({ incoming: 1, unauthenticated: 0 });
    }));

  it('turns those away that are too many in all, or of one host, and tells them the limit and its option', async () => {
    const cases: [Partial<TransportOptions>, string][] = [
      [{ maxConnections: 3 }, 'There are 3 connections, which is the limit of transport.maxConnections.'],
      [
        { maxConnectionsPerAddress: 3 },
        'There are 3 connections from 10.0.0.1, which is the limit of transport.maxConnectionsPerAddress.',
      ],
    ];
    for (const [options, sentence] of cases) {
      await besieged(options, async ({ station, friend, knock, sleep }) => {
        for (let number = 0; number < 3; number++) await knock();
        friend.send(station, 'too late');
        await sleep(50);
        expect(friend.losses.map(({ code }) => code)).to.deep.equal(['TOO_MANY_CONNECTIONS']);
        expect(friend.losses[0]?.message).to.contain(sentence);
        expect(doorOf(station)).to.include({ incoming: 3, refused: 1 });
        // Strangers are gone after two seconds; then there is room again.
        await sleep(5_000);
        friend.send(station, 'in time');
        await sleep(100);
        expect(station.received).to.deep.equal(['in time']);
      });
    }
  });

  it('tells whoever speaks TLS that it does not, and learns so from the other side', () =>
    besieged({}, async ({ station, friend, knock, sleep, network, b }) => {
      const stranger = await knock();
      stranger.connection.write(Buffer.from('16030100c8010000c403035e', 'hex'));
      await sleep(50);
      expect(station.losses.map(({ code }) => code)).to.deep.equal(['TLS_FAILED']);
      expect(stranger.text).to.contain('the other side speaks TLS, this side does not');
      await network(b).listen(parseAddress('10.0.0.2:443'), (connection) =>
        new Ear(connection).connection.write(Buffer.from('15030300020246', 'hex')),
      );
      friend.transport.peer('10.0.0.2:443').connection();
      await sleep(50);
      expect(friend.losses.map(({ code }) => code)).to.deep.equal(['TLS_FAILED']);
    }));

  it('tells whoever speaks another protocol that it is none of ours, with its first words, and learns so from the other side', () =>
    besieged({}, async ({ station, friend, knock, sleep, network, b }) => {
      const stranger = await knock();
      stranger.connection.write(Buffer.from('GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n'));
      await sleep(50);
      expect(station.losses.map(({ code }) => code)).to.deep.equal(['HANDSHAKE_REFUSED']);
      expect(stranger.text).to.contain("no process of Moonpool, for it begins with 'GET /metrics HTTP/1.1'");
      await network(b).listen(parseAddress('10.0.0.2:22'), (connection) =>
        new Ear(connection).connection.write(Buffer.from('SSH-2.0-\u001b[31mOpenSSH\r\n')),
      );
      friend.transport.peer('10.0.0.2:22').connection();
      await sleep(50);
      expect(friend.losses.map(({ code }) => code)).to.deep.equal(['HANDSHAKE_REFUSED']);
      expect(friend.losses[0]?.message).to.contain("it begins with 'SSH-2.0-\\u{1b}[31mOpenSSH'");
    }));

  it('learns that the other side takes connections and says nothing', () =>
    besieged({}, async ({ friend, sleep, network, b }) => {
      await network(b).listen(parseAddress('10.0.0.2:9'), (connection) => void new Ear(connection));
      friend.transport.peer('10.0.0.2:9').connection();
      await sleep(2_100);
      expect(friend.losses.map(({ message }) => message).join()).to.contain('the other side said nothing in that time');
    }));

  it('lets a recorded conversation in only once', () =>
    besieged({}, async ({ station, knock, sleep }) => {
      // A whole handshake is done by hand, and then its bytes are played again.
      const local = new LocalNode('client', 'spec', 'visitor');
      local.join({ name: 'visitor', incarnation: 3 });
      const said: Uint8Array[] = [];
      const first = await knock();
      const handshake = new Handshake(
        'dialler',
        {
          local,
          random: new Xoshiro128(9),
          secret: new ClusterSecret('a secret of the cluster'),
          refuses: () => undefined,
        },
        (bytes) => {
          said.push(bytes);
          first.connection.write(bytes);
        },
      );
      handshake.begin();
      await sleep(50);
      new PacketReader((token, payload) => handshake.receive(token, payload)).read(Buffer.from(first.text, 'latin1'));
      await sleep(50);
      expect(doorOf(station)).to.include({ incoming: 1, unauthenticated: 0 });
      const second = await knock();
      for (const bytes of said) second.connection.write(Buffer.from(bytes));
      await sleep(50);
      expect(second.text).to.contain('does not know the cluster secret');
      expect(doorOf(station)).to.include({ incoming: 1, unauthenticated: 0 });
    }));
});
