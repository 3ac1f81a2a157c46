import { expect } from 'chai';
import { readHello, writeHello } from '../../lib/handshake/greeting-codec';
import { newestCommon, PROTOCOLS } from '../../lib/handshake/protocol';
import { asksForProtocol2, writeProtocol2Hello } from '../../lib/handshake/protocol-2-greeting';
import { refusal, refusalPayload } from '../../lib/handshake/refusal';
import { DEFAULT_MAX_PACKET_BYTES } from '../../lib/wire/packet';

const LOCAL = {
  role: 'node',
  cluster: 'spec',
  node: { name: 'n1', incarnation: 3 },
  address: '10.0.0.1:5000',
  session: Buffer.alloc(16, 5),
} as const;

/** A greeting of this release, with more bytes in its section of fields. */
function withField(tag: number, bytes: Buffer): Buffer {
  const plain = writeHello(LOCAL, undefined, PROTOCOLS, []);
  const head = plain.subarray(0, plain.length - 6);
  const field = Buffer.alloc(4);
  field.writeUInt16LE(tag, 0);
  field.writeUInt16LE(bytes.length, 2);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(4 + bytes.length, 0);
  return Buffer.concat([head, length, field, bytes]);
}

describe('The version of the protocol on a connection', () => {
  it('is the newest that both sides speak', () => {
    expect(newestCommon({ oldest: 2, newest: 3 }, { oldest: 3, newest: 9 })).to.equal(3);
    expect(newestCommon({ oldest: 2, newest: 3 }, { oldest: 2, newest: 2 })).to.equal(2);
    expect(newestCommon({ oldest: 2, newest: 3 }, { oldest: 4, newest: 9 })).to.equal(undefined);
    const later = writeHello(LOCAL, undefined, { oldest: 3, newest: 9 });
    expect(readHello(later, 'spec').protocol).to.equal(3);
    expect(readHello(writeHello(LOCAL, undefined), 'spec', { oldest: 3, newest: 5 }).protocol).to.equal(3);
  });

  it('is refused with the ranges of both sides when they have none in common', () => {
    const later = writeHello(LOCAL, undefined, { oldest: 5, newest: 7 });
    expect(() => readHello(later, 'spec')).to.throw(
      'HANDSHAKE_REFUSED: The handshake was refused: the other side speaks versions 5 to 7 of the protocol, this side versions 2 to 3',
    );
    expect(() => readHello(writeProtocol2Hello(LOCAL, undefined), 'spec', { oldest: 3, newest: 4 })).to.throw(
      'the other side speaks version 2 of the protocol, this side versions 3 to 4',
    );
  });

  it('is 2 with a process of 0.1.0, whose greeting says no more, and which says so when it does not understand', () => {
    expect(readHello(writeProtocol2Hello(LOCAL, undefined), 'spec')).to.deep.include({
      protocol: 2,
      features: new Set(),
      node: { name: 'n1', incarnation: 3 },
    });
    const said = (why: string): boolean => asksForProtocol2(refusalPayload(refusal(why)));
    expect(said('the other side speaks version 3, this side 2')).to.equal(true);
    expect(said('the other side speaks version 3, this side 20')).to.equal(false);
    expect(said("the cluster 'shop' is not that of this side")).to.equal(false);
  });
});

describe('What a greeting says beside who somebody is', () => {
  it('is the names of what the other side can do; those that are not known do no harm', () => {
    const greeting = writeHello(LOCAL, undefined, PROTOCOLS, ['endpoints', 'telepathy']);
    expect(readHello(greeting, 'spec').features).to.deep.equal(new Set(['endpoints', 'telepathy']));
  });

  it('is so many names at most', () => {
    const naming = (count: number): Buffer =>
      writeHello(
        LOCAL,
        undefined,
        PROTOCOLS,
        Array.from({ length: count }, (_, index) => `f${index}`),
      );
    expect(readHello(naming(64), 'spec').features?.size).to.equal(64);
    expect(() => readHello(naming(65), 'spec')).to.throw('A greeting has 65 features');
  });

  it('is the largest packet that it takes, where that is not what most take', () => {
    const taken = (maxPacketBytes?: number) =>
      readHello(
        writeHello({ ...LOCAL, ...(maxPacketBytes === undefined ? {} : { maxPacketBytes }) }, undefined),
        'spec',
      ).maxPacketBytes;
    expect([taken(), taken(DEFAULT_MAX_PACKET_BYTES), taken(65_536)]).to.deep.equal([
      DEFAULT_MAX_PACKET_BYTES,
      DEFAULT_MAX_PACKET_BYTES,
      65_536,
    ]);
    expect(readHello(writeProtocol2Hello(LOCAL, undefined), 'spec').maxPacketBytes).to.equal(undefined);
    expect(() => taken(1_000)).to.throw('A greeting has packets of 1000 bytes at most');
  });

  it('is passed over where it is not known, and refused by its number where it is critical', () => {
    expect(readHello(withField(77, Buffer.from('whatever')), 'spec').node.name).to.equal('n1');
    expect(() => readHello(withField(0x8001, Buffer.of(1)), 'spec')).to.throw(
      'UNKNOWN_HEADER_FIELD: The header of a greeting has the field 32769',
    );
  });
});
