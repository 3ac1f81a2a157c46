import { expect } from 'chai';
import { isMoonpoolError } from '../../lib/errors/moonpool-error';
import { wellKnownToken } from '../../lib/identity/well-known-token';
import { DEFAULT_TRANSPORT_OPTIONS } from '../../lib/connection/transport-options';
import { ReliableQueue, type UndeliveredMessage } from '../../lib/transport/reliable-queue';
import { NotedConnection } from './noted-connection';

const WORD = wellKnownToken(41);
const BIG = Buffer.alloc(100 * 1024);

function makeQueue(): { readonly queue: ReliableQueue; readonly undelivered: UndeliveredMessage[] } {
  const undelivered: UndeliveredMessage[] = [];
  return {
    queue: new ReliableQueue(
      DEFAULT_TRANSPORT_OPTIONS,
      1,
      (messages) => undelivered.push(...messages),
      '10.0.0.2:5000',
    ),
    undelivered,
  };
}

describe('The queue of reliable messages', () => {
  it('takes the acknowledgement of what it wrote on an earlier connection and not yet on this one', () => {
    const { queue } = makeQueue();
    const first = new NotedConnection(1);
    queue.attach(first.asConnection);
    for (let count = 0; count < 6; count++) {
      queue.add(WORD, (into) => into.bytes(BIG));
      first.queuedBytes = 0;
    }
    queue.detach(first.asConnection);
    const second = new NotedConnection(2);
    queue.attach(second.asConnection);
    expect(second.payloads, 'an opening, and as many messages as fit').to.have.length(4);
    // The other side had received them all by the first connection; that answer got lost.
    queue.receive({ isSessionUnknown: false, next: 6 }, second.asConnection);
    expect(queue.packets).to.equal(1);
    second.queuedBytes = 0;
    queue.pump();
    expect(second.payloads, 'the one that is left is written after the acknowledgement').to.have.length(5);
    queue.receive({ isSessionUnknown: false, next: 7 }, second.asConnection);
    expect(queue.packets).to.equal(0);
  });

  it('refuses the acknowledgement of what was never written', () => {
    const { queue } = makeQueue();
    const connection = new NotedConnection(1);
    queue.attach(connection.asConnection);
    for (let count = 0; count < 6; count++) queue.add(WORD, (into) => into.bytes(BIG));
    expect(() => queue.receive({ isSessionUnknown: false, next: 6 }, connection.asConnection))
      .to.throw()
      .that.satisfies((error: unknown) => isMoonpoolError(error, 'MALFORMED_PAYLOAD'));
  });

  it('begins a session again when the other side does not know it, and tells what is given up', () => {
    const { queue, undelivered } = makeQueue();
    const connection = new NotedConnection(1);
    queue.attach(connection.asConnection);
    queue.add(WORD, (into) => into.uint8(1));
    queue.receive({ isSessionUnknown: true, next: 1 }, connection.asConnection);
    expect(undelivered.map(({ sequence, executed }) => [sequence, executed])).to.deep.equal([[1, 'maybe']]);
    queue.add(WORD, (into) => into.uint8(2));
    const openings = connection.payloads.filter((payload) => payload[0] === 0);
    expect(openings.map((payload) => [payload.readDoubleLE(1), payload[9]])).to.deep.equal([
      [1, 0],
      [2, 0],
    ]);
  });
});
