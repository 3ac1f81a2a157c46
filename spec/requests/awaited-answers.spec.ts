import { expect } from 'chai';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import { NodeTimeProvider } from '../../lib/providers/node/node-time-provider';
import { AwaitedAnswers, neverLeft, type AwaitedRequest } from '../../lib/requests/awaited-answers';
import { UnansweredRequests } from '../../lib/requests/unanswered-requests';

/** A connection as far as requests look at it: so many of its batches have left. */
function connectionOf(written: number, isClosed = false): PacketConnection {
  return { isClosed, mayHaveLeft: (batch: number) => batch < written } as PacketConnection;
}

function requestOf(correlation: number, connection: PacketConnection | undefined, batch = 0): AwaitedRequest {
  const deadline = 1e9 + correlation;
  return {
    correlation,
    connection,
    batch,
    deadline,
    heapIndex: -1,
    earlier: undefined,
    later: undefined,
    isLinked: false,
  };
}

function makeAnswers(): AwaitedAnswers<AwaitedRequest> {
  return new AwaitedAnswers(new NodeTimeProvider(), () => undefined);
}

describe('Answers that are awaited', () => {
  it('are taken from the connection alone by which their requests may have left', () => {
    const answers = makeAnswers();
    const [written, waiting] = [connectionOf(5), connectionOf(5)];
    const request = requestOf(1, written, 3);
    const unwritten = requestOf(2, waiting, 5);
    for (const one of [request, unwritten]) answers.expect(one);
    expect(answers.waitingFor(1, written)).to.equal(request);
    expect(answers.waitingFor(1, waiting), 'a guessed number').to.equal(undefined);
    expect(answers.waitingFor(2, waiting), 'an answer before the question').to.equal(undefined);
    expect(answers.sentOn(written)).to.deep.equal([request]);
  });

  it('are expected until it is known that none comes, and their deadlines are watched until they end', () => {
    const answers = makeAnswers();
    const request = requestOf(1, connectionOf(1));
    answers.watch(request);
    answers.expect(request);
    expect([answers.size, answers.expected, answers.isExpected(1)]).to.deep.equal([1, 1, true]);
    answers.expectNot(request);
    expect([answers.size, answers.expected, answers.isExpected(1)]).to.deep.equal([1, 0, false]);
    expect(answers.all()).to.deep.equal([request]);
    answers.unwatch(request);
    expect(answers.size).to.equal(0);
    answers.stop();
  });

  it('are surely not coming where the connection ended before the request could leave', () => {
    expect(neverLeft(requestOf(1, connectionOf(3, true), 3))).to.equal(true);
    expect(neverLeft(requestOf(1, connectionOf(4, true), 3))).to.equal(false);
    expect(neverLeft(requestOf(1, connectionOf(3), 3)), 'it may still leave').to.equal(false);
  });
});

describe('Requests that are not answered yet', () => {
  it('are known by connection and number, and forgotten together with their connection', () => {
    const requests = new UnansweredRequests<{ readonly connection: PacketConnection; readonly correlation: number }>();
    const [a, b] = [connectionOf(1), connectionOf(1)];
    const [first, second, other] = [
      { connection: a, correlation: 1 },
      { connection: a, correlation: 2 },
      { connection: b, correlation: 1 },
    ];
    for (const request of [first, second, other]) requests.add(request);
    expect([requests.get(a, 1), requests.get(b, 1), requests.get(b, 2)]).to.deep.equal([first, other, undefined]);
    requests.remove(first);
    expect(requests.size).to.equal(2);
    expect(requests.forget(a)).to.deep.equal([second]);
    expect([requests.size, requests.forget(a)]).to.deep.equal([1, []]);
  });

  it('keep their place when one is removed whose number another has taken', () => {
    const requests = new UnansweredRequests<{ readonly connection: PacketConnection; readonly correlation: number }>();
    const connection = connectionOf(1);
    const [old, young] = [
      { connection, correlation: 1 },
      { connection, correlation: 1 },
    ];
    requests.add(old);
    requests.add(young);
    requests.remove(old);
    expect(requests.get(connection, 1)).to.equal(young);
  });
});
