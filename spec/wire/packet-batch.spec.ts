import { expect } from 'chai';
import { wellKnownToken } from '../../lib/identity/well-known-token';
import { DEFAULT_TRANSPORT_OPTIONS } from '../../lib/connection/transport-options';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import { ReliableQueue } from '../../lib/transport/reliable-queue';
import { UnreliableGate } from '../../lib/transport/unreliable-gate';
import { PacketBatch } from '../../lib/wire/packet-batch';
import { PacketReader } from '../../lib/wire/packet-reader';

const WORD = wellKnownToken(41);

/** A batch as the connection that it is gathered for, and the payloads of the packets in it. */
function gathered(): { readonly batch: PacketBatch; readonly connection: PacketConnection; payloads(): string[] } {
  const batch = new PacketBatch();
  const connection = {
    begin: (token: typeof WORD) => batch.begin(token),
    end: () => batch.end(),
    abandon: () => batch.abandon(),
    queuedBytes: 0,
    currentBatch: 0,
    remote: { node: { name: 'other', incarnation: 1 }, identity: 'other' },
  } as unknown as PacketConnection;
  const payloads = (): string[] => {
    const found: string[] = [];
    const reader = new PacketReader((_token, payload) => void found.push(payload.toString('latin1')), 1_000_000);
    reader.read(batch.take());
    return found;
  };
  return { batch, connection, payloads };
}

describe('Packets that are gathered', () => {
  it('are not in the way of each other when one cannot even be begun', () => {
    const { batch, payloads } = gathered();
    expect(() => batch.begin(undefined as never)).to.throw(TypeError);
    batch.begin(WORD).bytes(Buffer.from('next'));
    batch.end();
    expect(payloads()).to.deep.equal(['next']);
  });

  it('are not taken back any more when they have ended', () => {
    const { batch, payloads } = gathered();
    batch.begin(WORD).bytes(Buffer.from('whole'));
    batch.end();
    batch.abandon();
    batch.begin(WORD).bytes(Buffer.from('taken back'));
    batch.abandon();
    batch.abandon();
    expect([batch.count, payloads()]).to.deep.equal([1, ['whole']]);
  });

  it('are left alone by unreliable ones that are sent while they are written', () => {
    const { batch, connection, payloads } = gathered();
    const gate = new UnreliableGate(DEFAULT_TRANSPORT_OPTIONS);
    const into = batch.begin(WORD);
    into.bytes(Buffer.from('first '));
    expect(() => gate.send(connection, WORD, () => undefined)).to.throw('UNSERIALIZABLE_VALUE');
    into.bytes(Buffer.from('and second half'));
    batch.end();
    expect(payloads()).to.deep.equal(['first and second half']);
  });

  it('are followed by reliable ones that were sent while they were written', () => {
    const { batch, connection, payloads } = gathered();
    const queue = new ReliableQueue(DEFAULT_TRANSPORT_OPTIONS, 1, () => undefined, 'other:1');
    queue.attach(connection);
    const into = batch.begin(WORD);
    into.bytes(Buffer.from('first'));
    expect(queue.add(WORD, (message) => message.bytes(Buffer.from('second')))).to.equal(1);
    batch.end();
    // What waited was written: there is room.
    queue.pump();
    const [first, opening, second] = payloads();
    expect([first, opening?.length, second?.slice(-6)]).to.deep.equal(['first', 10, 'second']);
  });

  it('are as large as the other side takes, and no reliable one that is larger keeps those behind it waiting', () => {
    const { batch, connection, payloads } = gathered();
    const undelivered: number[] = [];
    const given = (messages: readonly { readonly sequence: number }[]): void =>
      void undelivered.push(...messages.map(({ sequence }) => sequence));
    const queue = new ReliableQueue(DEFAULT_TRANSPORT_OPTIONS, 1, given, 'other:1');
    expect(batch.limitTo(4_096)).to.equal(true);
    queue.attach(connection);
    queue.add(WORD, (message) => message.bytes(Buffer.alloc(5_000)));
    expect([undelivered, queue.packets]).to.deep.equal([[1], 0]);
    expect(payloads()).to.have.length(1);
    queue.add(WORD, (message) => message.bytes(Buffer.from('second')));
    expect(batch.limitTo(100)).to.equal(true);
    expect(batch.limitTo(30)).to.equal(false);
    expect(payloads().at(-1)?.slice(-6)).to.equal('second');
  });
});
