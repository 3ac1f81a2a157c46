import { expect } from 'chai';
import fc from 'fast-check';
import { Uid } from '../../lib/identity/uid';
import { wellKnownToken } from '../../lib/identity/well-known-token';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import { ClusterSecret } from '../../lib/handshake/cluster-secret';
import { handshakePacket } from '../../lib/handshake/handshake';
import { readHello, writeHello } from '../../lib/handshake/greeting-codec';
import { writeProtocol2Hello } from '../../lib/handshake/protocol-2-greeting';
import { LocalNode } from '../../lib/identity/local-node';
import { crc32c } from '../../lib/wire/crc32c';
import { PacketReader } from '../../lib/wire/packet-reader';
import { Ear, withTwoMachines } from '../simulation/network/network-fixture';
import { Station } from '../transport/transport-fixture';
import { parseAddress } from '../../lib/identity/network-address';
import {
  checksum,
  plainHello,
  plainPacket,
  plainProof,
  readPlainPackets,
  wellKnown,
  type PlainPacket,
} from './independent-peer';

const SECRET = 'correct horse battery staple';

/** The first 32 bytes from a number on. */
const counting = (from: number) => Buffer.from(Array.from({ length: 32 }, (_, index) => from + index));

function processOf(role: 'node' | 'client', name: string, incarnation: number, address: string): LocalNode {
  const local = new LocalNode(role, 'shop', name);
  local.join({ name, incarnation });
  local.address = address;
  local.openSession(counting(64).subarray(0, 16));
  return local;
}

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('The wire format, by vectors:', () => {
  it('a token is written low word first, and a well-known one is all ones and its number', () => {
    const written = hex(handshakePacket(Uid.of(0x0102_0304_0506_0708n, 0x1112_1314_1516_1718n), Buffer.alloc(0)));
    expect(written.slice(16)).to.equal('0807060504030201' + '1817161514131211');
    expect(hex(handshakePacket(wellKnownToken(63), Buffer.alloc(0))).slice(16)).to.equal(
      'ffffffffffffffff' + '3f00000000000000',
    );
  });

  it('packets are these bytes', () => {
    const number = new ByteWriter();
    number.uint8(1);
    number.float64(5);
    expect(hex(handshakePacket(wellKnownToken(1), Buffer.of(0)))).to.equal(
      '19000000' + 'ac736548' + 'ffffffffffffffff0100000000000000' + '00',
    );
    expect(hex(handshakePacket(wellKnownToken(1), number.take()))).to.equal(
      '21000000' + '67e7b455' + 'ffffffffffffffff0100000000000000' + '010000000000001440',
    );
    expect(hex(handshakePacket(wellKnownToken(63), Buffer.alloc(0)))).to.equal(
      '18000000' + 'aed8741a' + 'ffffffffffffffff3f00000000000000',
    );
  });

  it('a greeting is these bytes: magic, versions, role, cluster, name, incarnation, address, session, proof, features', () => {
    const fields = [
      '4d4e504c',
      '0300',
      '0200',
      '01',
      '040073686f70',
      '040074696c6c',
      '0000000000001c40',
      '0000',
      '404142434445464748494a4b4c4d4e4f',
      '00',
      '0e00' + '0100' + '0a00' + '09656e64706f696e7473',
    ];
    expect(hex(writeHello(processOf('client', 'till', 7, ''), undefined))).to.equal(fields.join(''));
    const plain = Buffer.from(
      plainHello({ role: 0, cluster: 'shop', name: 'n1', incarnation: 3, address: '10.0.0.1:5000' }),
    );
    expect(readHello(plain, 'shop')).to.deep.include({ protocol: 3, features: new Set() });
  });

  it('a greeting of version 2 is these bytes, and is understood', () => {
    const fields = ['4d4e504c', '0200', '01', '040073686f70', '040074696c6c', '0000000000001c40', '0000'];
    const session = '404142434445464748494a4b4c4d4e4f';
    expect(hex(writeProtocol2Hello(processOf('client', 'till', 7, ''), undefined))).to.equal(
      `${fields.join('')}${session}00`,
    );
    const hello = readHello(
      Buffer.from(
        '4d4e504c020000040073686f7002006e3100000000000008400d0031302e302e302e313a353030305e55105e55105e55105e55105e55105e0120' +
          hex(counting(33)).slice(0, 62),
        'hex',
      ),
      'shop',
    );
    expect(hello).to.deep.include({
      role: 'node',
      cluster: 'shop',
      node: { name: 'n1', incarnation: 3 },
      address: '10.0.0.1:5000',
      identity: 'node n1#3 5e55105e55105e55105e55105e55105e',
      protocol: 2,
    });
  });

  it('a proof is these bytes', () => {
    const transcript = {
      dialler: writeHello(processOf('client', 'till', 7, ''), counting(0)),
      acceptor: writeHello(processOf('node', 'n1', 3, '10.0.0.1:5000'), counting(32)),
    };
    const secret = new ClusterSecret(SECRET);
    expect(hex(secret.prove('dialler', transcript))).to.equal(
      '77104793102ac9bc3245fd1335c5efd0d87847985bc9477c13577c1fea2f7650',
    );
    expect(hex(secret.prove('acceptor', transcript))).to.equal(
      'a3646e9100261b9bfb01e40ea50ac6bf8008075b8983ef5430f4f6e3a8c4adab',
    );
  });
});

describe('An independent implementation of the wire format', () => {
  it('writes what this one reads, and reads what this one writes', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.uint8Array({ maxLength: 200 }),
        (token, payload) => {
          expect(checksum(payload)).to.equal(crc32c(payload));
          let read: PlainPacket | undefined;
          new PacketReader((uid, bytes) => {
            [read] = readPlainPackets(Buffer.from(handshakePacket(uid, bytes))).packets;
          }).read(plainPacket(hex(token), payload));
          expect([read?.token, hex(read?.payload ?? Buffer.of(0))]).to.deep.equal([hex(token), hex(payload)]);
        },
      ),
    );
  });

  it('greets a node, proves itself, has the node prove itself, pings and is heard', () =>
    withTwoMachines(1, async (parts) => {
      const station = new Station(parts, parts.b, {}, { clusterSecret: SECRET });
      await station.transport.start();
      const ear = new Ear(await parts.network(parts.a).connect(parseAddress(station.address)), 'latin1');
      const heard = async (back = 1): Promise<PlainPacket | undefined> => {
        await parts.sleep(50);
        const { packets, rest } = readPlainPackets(Buffer.from(ear.text, 'latin1'));
        expect(rest).to.have.length(0);
        return packets[packets.length - back];
      };
      const own = plainHello({
        role: 1,
        cluster: 'spec',
        name: 'stranger from afar',
        incarnation: 5,
        address: '',
        nonce: counting(7),
      });
      ear.connection.write(plainPacket(wellKnown(3), own));
      const theirs = await heard();
      expect(theirs?.token).to.equal(wellKnown(3));
      ear.connection.write(
        plainPacket(wellKnown(8), plainProof(SECRET, 'dialler', own, theirs?.payload ?? Buffer.of(0))),
      );
      const proof = await heard(2);
      expect([proof?.token, hex(proof?.payload ?? Buffer.of(0))]).to.deep.equal([
        wellKnown(8),
        hex(plainProof(SECRET, 'acceptor', own, theirs?.payload ?? Buffer.of(0))),
      ]);
      const clock = await heard();
      expect([clock?.token, hex(clock?.payload.subarray(0, 9) ?? Buffer.of(0)), clock?.payload.length]).to.deep.equal([
        wellKnown(1),
        '03000000000000f0bf',
        17,
      ]);
      ear.connection.write(plainPacket(wellKnown(1), Buffer.concat([Buffer.of(2), Buffer.alloc(8, 1)])));
      const told = await heard();
      expect([told?.token, hex(told?.payload.subarray(0, 9) ?? Buffer.of(0)), told?.payload.length]).to.deep.equal([
        wellKnown(1),
        '030101010101010101',
        17,
      ]);
      expect(told?.payload.readDoubleLE(9)).to.be.greaterThan(clock?.payload.readDoubleLE(9) ?? 0);
      ear.connection.write(plainPacket(wellKnown(40), Buffer.from('understood')));
      ear.connection.write(plainPacket(wellKnown(1), Buffer.of(0)));
      const pong = await heard();
      expect([pong?.token, hex(pong?.payload ?? Buffer.of(9))]).to.deep.equal([wellKnown(1), '01']);
      expect(station.received).to.deep.equal(['understood']);
    }));
});
