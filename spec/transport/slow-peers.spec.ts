import { expect } from 'chai';
import { parseAddress } from '../../lib/identity/network-address';
import { wellKnownToken, WellKnownToken } from '../../lib/identity/well-known-token';
import { handshakePacket } from '../../lib/handshake/handshake';
import { writeHello } from '../../lib/handshake/greeting-codec';
import { LocalNode } from '../../lib/identity/local-node';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import type { TransportOptions } from '../../lib/connection/transport-options';
import { Ear, withTwoMachines, type TwoMachines } from '../simulation/network/network-fixture';
import { Station } from './transport-fixture';

const ECHO = wellKnownToken(41);
const ANSWER = wellKnownToken(42);
const KIBIBYTE = 1_024;

interface Scene extends TwoMachines {
  readonly station: Station;
  readonly friend: Station;
  /** The most bytes that waited for anybody at once. */
  waited(): number;
  /** How many questions were read. */
  asked(): number;
  /** A guest who has greeted, and who may do what he likes with the stream. */
  guest(): Promise<Ear>;
}

/** A station that answers each question with 64 KiB; guests that ask, and a friend. */
function withEcho(options: Partial<TransportOptions>, body: (scene: Scene) => Promise<void>): Promise<unknown> {
  return withTwoMachines(1, async (parts) => {
    const station = new Station(parts, parts.b, options);
    const friend = new Station(parts, parts.a);
    let waited = 0;
    let asked = 0;
    station.transport.endpoints.register(ECHO, (_, from: PacketConnection) => {
      asked++;
      from.begin(ANSWER).bytes(Buffer.alloc(64 * KIBIBYTE));
      from.end();
      waited = Math.max(waited, from.queuedBytes);
    });
    await Promise.all([station.transport.start(), friend.transport.start()]);
    const guest = async () => {
      const local = new LocalNode('client', 'spec', 'guest');
      local.join({ name: 'guest', incarnation: 1 });
      const ear = new Ear(await parts.network(parts.a).connect(parseAddress(station.address)), 'latin1');
      ear.connection.write(
        Buffer.from(handshakePacket(wellKnownToken(WellKnownToken.hello), writeHello(local, undefined))),
      );
      await parts.sleep(50);
      return ear;
    };
    await body({ ...parts, station, friend, guest, waited: () => waited, asked: () => asked });
  });
}

const question = Buffer.from(handshakePacket(ECHO, Buffer.alloc(0)));
const ping = Buffer.from(handshakePacket(wellKnownToken(WellKnownToken.ping), Buffer.of(0)));

/** Asks for ever, a thousand questions in each tenth of a second, and shows that he lives. */
async function askAway(guest: Ear, sleep: (ms: number) => Promise<void>, forMs: number): Promise<void> {
  for (let elapsedMs = 0; elapsedMs < forMs && guest.closes === 0; elapsedMs += 100) {
    for (let number = 0; number < 10; number++)
      guest.connection.write(Buffer.concat(Array.from({ length: 100 }, () => question)));
    guest.connection.write(ping);
    await sleep(100);
  }
}

describe('A peer that does not keep up', () => {
  it('and never reads is read no more, and given up in the end; others do not notice', () =>
    withEcho({ pauseQueuedBytes: 1024 * KIBIBYTE }, async ({ station, friend, guest, waited, asked, sleep }) => {
      const greedy = await guest();
      greedy.connection.pause();
      const asking = askAway(greedy, sleep, 20_000);
      await sleep(5_000);
      expect(station.transport.describe().incoming).to.equal(1);
      const askedEarly = asked();
      friend.send(station, 'excuse me');
      await sleep(100);
      expect(station.received).to.deep.equal(['excuse me']);
      await sleep(15_000);
      await asking;
      expect(station.losses[0]?.message).to.match(
        /has read nothing for \d+ ms while \d+ bytes wait for it; the limit of transport\.stalledLimitMs is 10000/,
      );
      expect(askedEarly).to.be.greaterThan(16);
      // Hundreds of thousands of questions were asked; what is read at once when it is listened to for a moment comes on top.
      expect(waited()).to.be.lessThan(64 * 1024 * KIBIBYTE);
    }));

  it('is served on when it reads again, and nothing is lost', () =>
    withEcho({ pauseQueuedBytes: 1024 * KIBIBYTE }, async ({ station, guest, asked, sleep }) => {
      const slow = await guest();
      slow.connection.pause();
      for (let number = 0; number < 200; number++) {
        slow.connection.write(question);
        if (number % 20 === 0) await sleep(10);
      }
      await sleep(500);
      const askedBefore = asked();
      slow.connection.resume();
      await sleep(2_000);
      expect(askedBefore).to.be.lessThan(200);
      expect(asked()).to.equal(200);
      expect(slow.text.length).to.be.greaterThan(200 * 64 * KIBIBYTE);
      expect(station.losses).to.deep.equal([]);
    }));

  it('and sends a packet byte by byte is cut after the limit of silence, and costs no more than it sent', () =>
    withEcho({}, async ({ station, friend, guest, sleep }) => {
      const dripping = await guest();
      const header = Buffer.alloc(24);
      header.writeUInt32LE(1_000_000, 0);
      for (let number = 0; number < 24 && dripping.closes === 0; number++) {
        dripping.connection.write(header.subarray(number, number + 1));
        await sleep(1_000);
      }
      expect(station.losses[0]?.message).to.contain('nothing was heard for');
      friend.send(station, 'still there');
      await sleep(100);
      expect(station.received).to.deep.equal(['still there']);
    }));

  it('and never shows that it lives is forgotten', () =>
    withEcho({}, async ({ station, guest, sleep }) => {
      await guest();
      expect(station.transport.describe().incoming).to.equal(1);
      await sleep(10_000);
      expect(station.transport.describe().incoming).to.equal(0);
      expect(station.losses[0]?.message).to.contain('nothing was heard for');
    }));
});
