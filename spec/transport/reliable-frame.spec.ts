import { expect } from 'chai';
import { isMoonpoolError } from '../../lib/errors/moonpool-error';
import { wellKnownToken } from '../../lib/identity/well-known-token';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import {
  ACKNOWLEDGE,
  readAcknowledgement,
  readReliable,
  RELIABLE,
  writeAcknowledgement,
  writeMessageHead,
  writeOpening,
} from '../../lib/transport/reliable-frame';
import { withTwoStations, type TwoStations } from './transport-fixture';

const WORDS = wellKnownToken(40);

function written(write: (into: ByteWriter) => void): Buffer {
  const writer = new ByteWriter();
  write(writer);
  return writer.take();
}

/** What the second station says of the connection after the first has sent it these bytes. */
async function lossAfter(parts: TwoStations, token: typeof RELIABLE, bytes: Uint8Array): Promise<unknown> {
  const connection = parts.one.transport.peer(parts.two.address).connection();
  connection.begin(token).bytes(bytes);
  connection.end();
  await parts.sleep(500);
  return parts.two.losses[0]?.cause;
}

describe('What is said of reliable messages', () => {
  it('is read as it is written, byte for byte as documented', () => {
    expect(written((into) => writeOpening(1, true, into)).toString('hex')).to.equal('00000000000000f03f01');
    expect(readReliable(written((into) => writeOpening(7, false, into)))).to.deep.equal({
      kind: 'opening',
      base: 7,
      isResumed: false,
    });
    const message = written((into) => {
      writeMessageHead(2, WORDS, into);
      into.text('hi');
    });
    expect(message.toString('hex')).to.equal('010000000000000040ffffffffffffffff28000000000000006869');
    expect(readReliable(message)).to.deep.equal({
      kind: 'message',
      sequence: 2,
      token: WORDS,
      payload: Buffer.from('hi'),
    });
    const answer = { isSessionUnknown: true, next: 3 };
    expect(readAcknowledgement(written((into) => writeAcknowledgement(answer, into)))).to.deep.equal(answer);
  });

  const nonsense: readonly [what: string, token: typeof RELIABLE, bytes: Buffer][] = [
    ['nothing', RELIABLE, Buffer.alloc(0)],
    ['an unknown kind', RELIABLE, Buffer.from('09000000000000f03f', 'hex')],
    ['a number that is none', RELIABLE, Buffer.from('00000000000000f87f01', 'hex')],
    ['the number 0', RELIABLE, Buffer.from('00000000000000000001', 'hex')],
    ['half a number', RELIABLE, Buffer.from('000000', 'hex')],
  ];
  for (const [what, token, bytes] of nonsense) {
    it(`cuts the connection by which ${what} comes`, () =>
      withTwoStations(1, async (parts) => {
        expect(isMoonpoolError(await lossAfter(parts, token, bytes), 'MALFORMED_PAYLOAD')).to.equal(true);
      }));
  }

  it('cuts the connection on which a message is missing', () =>
    withTwoStations(1, async (parts) => {
      const connection = parts.one.transport.peer(parts.two.address).connection();
      writeOpening(1, false, connection.begin(RELIABLE));
      connection.end();
      writeMessageHead(2, WORDS, connection.begin(RELIABLE));
      connection.end();
      await parts.sleep(500);
      expect(parts.two.losses[0]?.cause).to.have.property('message').that.contains('1 comes next');
    }));

  it('takes no message of a session that nobody opened', () =>
    withTwoStations(1, async (parts) => {
      await lossAfter(
        parts,
        RELIABLE,
        written((into) => writeMessageHead(1, WORDS, into)),
      );
      expect([parts.two.received, parts.two.losses]).to.deep.equal([[], []]);
    }));

  it('answers that a session is unknown, after which its sender gives it up and opens another', () =>
    withTwoStations(1, async (parts) => {
      const told: number[] = [];
      parts.one.transport.onUndelivered((_, messages) => told.push(...messages.map(({ sequence }) => sequence)));
      const peer = parts.one.transport.peer(parts.two.address);
      const first = peer.sendReliable(WORDS, (into) => into.text('first'));
      await parts.sleep(500);
      // The receiver says so although it remembers: a sender cannot know.
      parts.two.transport.endpoints.register(RELIABLE, (_, from) => {
        writeAcknowledgement({ isSessionUnknown: true, next: 1 }, from.begin(ACKNOWLEDGE));
        from.end();
      });
      const second = peer.sendReliable(WORDS, (into) => into.text('second'));
      await parts.sleep(500);
      expect([parts.two.received, told, second]).to.deep.equal([['first'], [second], first + 1]);
    }));

  it('cuts the connection by which a message is acknowledged that was not sent', () =>
    withTwoStations(1, async (parts) => {
      parts.two.transport.endpoints.register(RELIABLE, (_, from) => {
        writeAcknowledgement({ isSessionUnknown: false, next: 99 }, from.begin(ACKNOWLEDGE));
        from.end();
      });
      parts.one.transport.peer(parts.two.address).sendReliable(WORDS, (into) => into.text('one'));
      await parts.sleep(500);
      expect(parts.one.losses[0]?.cause)
        .to.have.property('message')
        .that.contains(`The reliable message 98 was acknowledged by ${parts.two.address} and not yet sent`);
    }));
});
