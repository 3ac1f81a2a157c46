import { expect } from 'chai';
import { isMoonpoolError } from '../../lib/errors/moonpool-error';
import { wellKnownToken } from '../../lib/identity/well-known-token';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import { DEFAULT_TRANSPORT_OPTIONS } from '../../lib/connection/transport-options';
import { readAcknowledgement, writeMessageHead, writeOpening } from '../../lib/transport/reliable-frame';
import { ReliableInbox } from '../../lib/transport/reliable-inbox';
import { NotedConnection } from './noted-connection';

const WORD = wellKnownToken(41);

function written(write: (into: ByteWriter) => void): Buffer {
  const writer = new ByteWriter();
  write(writer);
  return writer.take();
}

const opening = (base: number, isResumed: boolean): Buffer => written((into) => writeOpening(base, isResumed, into));
const message = (sequence: number): Buffer =>
  written((into) => {
    writeMessageHead(sequence, WORD, into);
    into.uint8(sequence);
  });

/** An inbox, and what it has delivered. */
function makeInbox(maxReliableSessions = 10): {
  readonly inbox: ReliableInbox;
  readonly delivered: number[];
  connect(order: number, name?: string): NotedConnection;
} {
  const delivered: number[] = [];
  const idle = {
    now: () => 0,
    wallClock: () => 0,
    sleep: () => Promise.resolve(),
    schedule: () => ({ cancel: () => undefined }),
  };
  const inbox = new ReliableInbox({ ...DEFAULT_TRANSPORT_OPTIONS, maxReliableSessions }, idle, (_token, payload) =>
    delivered.push(payload[0] as number),
  );
  const connect = (order: number, name = 'sender'): NotedConnection => {
    const connection = new NotedConnection(order, { name, incarnation: 1 });
    inbox.connectionReady(connection.asConnection);
    return connection;
  };
  return { inbox, delivered, connect };
}

function lastAnswer(connection: NotedConnection): { readonly isSessionUnknown: boolean; readonly next: number } {
  return readAcknowledgement(connection.payloads.at(-1) as Buffer);
}

describe('The inbox of reliable messages', () => {
  it('does not know a session that goes on behind what it expects, so that its sender begins again', () => {
    const { inbox, delivered, connect } = makeInbox();
    const [late, next] = [connect(1), connect(2)];
    inbox.receive(opening(14, false), late.asConnection);
    inbox.receive(opening(21, true), next.asConnection);
    expect(lastAnswer(next)).to.deep.equal({ isSessionUnknown: true, next: 21 });
    inbox.receive(message(21), next.asConnection);
    inbox.receive(message(14), late.asConnection);
    expect(delivered, 'neither session is known any more').to.deep.equal([]);
    inbox.receive(opening(22, false), next.asConnection);
    inbox.receive(message(22), next.asConnection);
    expect(delivered).to.deep.equal([22]);
  });

  it('takes nothing of an opening that comes when a later connection has opened the session', () => {
    const { inbox, delivered, connect } = makeInbox();
    const [late, next] = [connect(1), connect(2)];
    inbox.receive(opening(21, false), next.asConnection);
    inbox.receive(message(21), next.asConnection);
    inbox.receive(opening(14, false), late.asConnection);
    inbox.receive(message(14), late.asConnection);
    inbox.receive(message(22), next.asConnection);
    inbox.receive(opening(22, true), late.asConnection);
    expect(delivered).to.deep.equal([21, 22]);
    inbox.receive(opening(23, true), next.asConnection);
    expect(lastAnswer(next), 'the later connection still gets the answers').to.deep.equal({
      isSessionUnknown: false,
      next: 23,
    });
    expect(late.payloads).to.deep.equal([]);
  });

  it('acknowledges where the messages come from', () => {
    const { inbox, connect } = makeInbox();
    const [earlier, later] = [connect(1), connect(2)];
    inbox.receive(opening(1, false), earlier.asConnection);
    inbox.receive(opening(1, true), later.asConnection);
    for (let sequence = 1; sequence <= 64; sequence++) inbox.receive(message(sequence), later.asConnection);
    expect(lastAnswer(later).next).to.equal(65);
  });

  it('keeps a session while something may still come by a connection of its sender, and forgets it for all of them', () => {
    const { inbox, delivered, connect } = makeInbox(1);
    const [first, second] = [connect(1), connect(2)];
    inbox.receive(opening(5, false), first.asConnection);
    inbox.receive(opening(5, true), second.asConnection);
    inbox.connectionClosed(second.asConnection);
    const other = connect(3, 'another');
    inbox.receive(opening(1, false), other.asConnection);
    expect(inbox.size, 'one connection is still open').to.equal(2);
    inbox.receive(message(5), first.asConnection);
    inbox.connectionClosed(first.asConnection);
    expect(inbox.size).to.equal(1);
    inbox.receive(message(6), first.asConnection);
    expect(delivered, 'its session is forgotten').to.deep.equal([5]);
  });

  it('refuses a gap within a session, which no sender makes', () => {
    const { inbox, connect } = makeInbox();
    const connection = connect(1);
    inbox.receive(opening(1, false), connection.asConnection);
    expect(() => inbox.receive(message(2), connection.asConnection))
      .to.throw()
      .that.satisfies((error: unknown) => isMoonpoolError(error, 'MALFORMED_PAYLOAD'));
  });
});
