import { expect } from 'chai';
import { STATIC } from '../../lib/addressing/static-addressing';
import { VIRTUAL } from '../../lib/addressing/virtual-addressing';
import { workerAddressing } from '../../lib/addressing/worker-addressing';
import { ActorId } from '../../lib/identity/actor-id';
import { ReceiverOrder, type OrderedRequest } from '../../lib/ordering/receiver-order';
import { connectionOf } from '../calls/call-fixture';

const elsewhere = { why: 'the actor is elsewhere' };
const [earlier, later] = [connectionOf('n1', { order: 1 }), connectionOf('n1', { order: 2 })];

function request(connection = later, more: Partial<OrderedRequest> = {}): OrderedRequest {
  return { target: ActorId.of('spec', 'Account', 'alice'), connection, ...more };
}

describe('The order of calls at their receiver', () => {
  let order: ReceiverOrder;

  beforeEach(() => {
    order = new ReceiverOrder();
  });

  it('has nothing against requests that come one after the other', () => {
    expect([earlier, earlier, later].map((from) => order.objectionTo(request(from), VIRTUAL))).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('takes what comes by a connection for late when its sender has gone on to another one', () => {
    order.objectionTo(request(later), VIRTUAL);
    expect(order.objectionTo(request(earlier), VIRTUAL)).to.equal('late');
    expect(order.objectionTo(request(earlier, { isOneWay: true }), VIRTUAL)).to.equal('late');
  });

  it('takes what comes to a static actor for late when it was called by the same address by a later connection', () => {
    const [first, second, beside] = [
      connectionOf('n1', { order: 1, calledAt: 1 }),
      connectionOf('n1', { order: 2, calledAt: 1 }),
      connectionOf('n1', { order: 3, calledAt: 2 }),
    ];
    expect(
      [first, beside, second, beside, first].map((from) => order.objectionTo(request(from), STATIC)),
    ).to.deep.equal([undefined, undefined, undefined, undefined, 'late']);
    // Those by no known address may be by any.
    expect([later, earlier].map((from) => order.objectionTo(request(from), STATIC))).to.deep.equal([
      undefined,
      undefined,
    ]);
    expect(order.kept.goneConnections).to.equal(0);
  });

  it('rejects what follows a rejected call by the same connection, until its sender has noted that', () => {
    expect(order.onRejected(request(), VIRTUAL, elsewhere)).to.equal(true);
    expect(order.objectionTo(request(), VIRTUAL)).to.equal(elsewhere);
    expect(order.onRejected(request(), VIRTUAL, elsewhere)).to.equal(false);
    expect(order.objectionTo(request(connectionOf('n2')), VIRTUAL)).to.equal(undefined);
    expect(order.objectionTo(request(later, { target: ActorId.of('spec', 'Account', 'bob') }), VIRTUAL)).to.equal(
      undefined,
    );
    order.onNoted(later, request().target.path);
    expect(order.objectionTo(request(), VIRTUAL)).to.equal(undefined);
    expect(order.kept.rejectedActors).to.equal(0);
  });

  it('lets messages pass that nobody waits for: they are forwarded from here', () => {
    order.onRejected(request(), VIRTUAL, elsewhere);
    expect(order.objectionTo(request(later, { isOneWay: true }), VIRTUAL)).to.equal(undefined);
  });

  it('keeps none for kinds of actors that have none', () => {
    expect(order.onRejected(request(), workerAddressing(), elsewhere)).to.equal(false);
    expect(order.objectionTo(request(), workerAddressing())).to.equal(undefined);
  });

  it('forgets a connection that is gone, and its sender with the last one', () => {
    order.objectionTo(request(later), VIRTUAL);
    order.onRejected(request(), VIRTUAL, elsewhere);
    order.forget(later);
    expect(order.kept).to.deep.equal({ rejectedActors: 0, goneConnections: 0 });
    expect(order.objectionTo(request(earlier), VIRTUAL)).to.equal(undefined);
  });
});
