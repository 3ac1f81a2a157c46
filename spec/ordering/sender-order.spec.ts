import { expect } from 'chai';
import type { Call } from '../../lib/calls/call';
import { Deferred } from '../../lib/concurrency/deferred';
import type { Location } from '../../lib/directory/location-cache';
import { MoonpoolError } from 'moonpool';
import { SenderOrder } from '../../lib/ordering/sender-order';
import { CallMaker, connectionOf } from '../calls/call-fixture';

const there: Location = { node: { name: 'n2', incarnation: 1 }, address: 'n2:1' };
const elsewhere: Location = { node: { name: 'n3', incarnation: 1 }, address: 'n3:1' };
const path = 'spec/Account/alice';

/** Lets promises that are settled be noticed. */
const moment = () => new Promise((done) => setImmediate(done));

describe('The order of calls at their sender', () => {
  let order: SenderOrder;
  let maker: CallMaker;
  let sent: string[];
  const send = (call: Call, { address }: Location) => void sent.push(`${call.correlation} to ${address}`);
  const make = () => maker.make(path);

  beforeEach(() => {
    order = new SenderOrder();
    maker = new CallMaker();
    sent = [];
  });

  it('lets a call go wherever its actor is while no other is under way', () => {
    expect(order.routeOf(make())).to.equal(undefined);
    expect(order.kept).to.deep.equal({ routes: 0, locating: 0, watchedCalls: 0 });
  });

  it('lets a call follow those under way, until the last of them is gone', () => {
    const connection = connectionOf('n2');
    const calls = [make(), make()];
    for (const call of calls) {
      call.connection = connection;
      order.onSent(call, there, connection);
    }
    expect(order.routeOf(make())).to.include({ location: there, connection });
    expect(order.locationOf(path)).to.equal(there);
    expect(order.routeOf(maker.make('spec/Account/bob'))).to.equal(undefined);
    for (const call of calls) {
      expect(order.routeOf(make())).to.include({ connection });
      order.onGone(call);
    }
    expect(order.routeOf(make())).to.equal(undefined);
    expect(order.kept.routes).to.equal(0);
  });

  it('lets a call follow by the connection that is used now, though one that went by another is gone', () => {
    const [before, now] = [connectionOf('n2', { isClosed: true }), connectionOf('n2', { order: 2 })];
    const [lost, call] = [make(), make()];
    for (const [each, connection] of [
      [lost, before],
      [call, now],
    ] as const) {
      each.connection = connection;
      order.onSent(each, there, connection);
    }
    order.onGone(lost);
    expect(order.routeOf(make())).to.include({ connection: now });
    order.onGone(call);
    expect([order.routeOf(make()), order.kept.routes]).to.deep.equal([undefined, 0]);
  });

  it('holds calls until all are back that may have been sent behind one which was rejected when nobody waited for it any more', async () => {
    const connection = connectionOf('n2');
    const gone = make();
    const calls = [make(), make()];
    for (const call of calls) {
      call.connection = connection;
      order.onSent(call, there, connection);
    }
    const notice = {
      correlation: gone.correlation,
      target: path,
      rejection: { why: 'it is elsewhere' },
      isToBeNoted: true,
    };
    order.onRejected(notice, calls, { find: async () => elsewhere, send });
    const later = make();
    expect(order.routeOf(later)).to.equal('held');
    // They come back, one after the other, in whatever order.
    for (const call of [...calls].reverse()) {
      await moment();
      expect(sent).to.deep.equal([]);
      order.onGone(call);
      expect(order.holds(call)).to.equal(true);
    }
    await moment();
    expect(sent).to.deep.equal(['2 to n3:1', '3 to n3:1', '4 to n3:1']);
  });

  it('lets no call follow by a connection that has ended', () => {
    const [call, connection] = [make(), connectionOf('n2', { isClosed: true })];
    order.onSent(call, there, connection);
    expect(order.routeOf(make())).to.equal(undefined);
  });

  it('holds calls while their actor is looked for, and sends them in the order in which they were made', async () => {
    const found = new Deferred<Location>();
    const [first, second, third] = [make(), make(), make()];
    order.hold(second, { find: () => found.promise, send });
    // The first has come back: it could not be sent.
    expect([order.routeOf(third), order.holds(first)]).to.deep.equal(['held', true]);
    expect(order.kept.locating).to.equal(1);
    found.resolve(there);
    await moment();
    expect(sent).to.deep.equal(['1 to n2:1', '2 to n2:1', '3 to n2:1']);
    expect(order.kept.locating).to.equal(0);
  });

  it('sends no call that nobody waits for any more', async () => {
    const found = new Deferred<Location>();
    const [first, second] = [make(), make()];
    order.hold(first, { find: () => found.promise, send });
    order.holds(second);
    first.cancel(undefined);
    found.resolve(there);
    await moment();
    expect(sent).to.deep.equal(['2 to n2:1']);
  });

  it('fails all calls that are held when their actor cannot be found, and no longer holds what comes then', async () => {
    const found = new Deferred<Location>();
    const [first, second] = [make(), make()];
    order.hold(first, { find: () => found.promise, send });
    expect(order.routeOf(second)).to.equal('held');
    first.cancel(undefined);
    found.reject(new Error('the directory does not answer'));
    await moment();
    expect(maker.log).to.deep.equal([
      '1 failed with CALL_CANCELLED',
      '1 was cancelled',
      '2 failed with STORAGE_UNAVAILABLE',
    ]);
    expect(order.routeOf(make())).to.equal(undefined);
  });

  it('says of them that they were not executed, whatever has become of the question where to', async () => {
    const connectionLost = new MoonpoolError('CONNECTION_LOST', { message: 'the owner is gone', executed: 'maybe' });
    for (const [why, code] of [
      [connectionLost, 'CONNECTION_LOST'],
      [new TypeError('a fault of the directory'), 'STORAGE_UNAVAILABLE'],
    ] as const) {
      order.hold(make(), { find: () => Promise.reject(why), send });
      await moment();
      const error = maker.errors.pop();
      expect(error).to.include({ code, executed: 'no' });
      expect(String(error)).to.contain('was not sent, for it could not be learnt where to');
    }
  });

  it('sends the others when one of them cannot be sent at all', async () => {
    const found = new Deferred<Location>();
    const [first, second] = [make(), make()];
    order.hold(first, {
      find: () => found.promise,
      send: (call, location) => {
        if (call === first) throw new RangeError('it breaks whatever it meets');
        send(call, location);
      },
    });
    order.holds(second);
    found.resolve(there);
    await moment();
    expect(maker.log).to.deep.equal(['1 failed with RangeError: it breaks whatever it meets']);
    expect(sent).to.deep.equal(['2 to n2:1']);
  });

  it('holds new calls behind a rejected one until all that were sent behind it have come back', async () => {
    const connection = connectionOf('n2');
    const [first, second, third] = [make(), make(), make()];
    const [other, later] = [maker.make('spec/Account/bob'), make()];
    for (const call of [first, second, third, other]) {
      call.connection = connection;
      order.onSent(call, there, connection);
    }
    const rejection = { why: 'the actor is elsewhere' };
    const notice = { correlation: 2, target: path, rejection, isToBeNoted: true };
    order.onRejected(notice, [first, second, third, other], { find: () => Promise.resolve(elsewhere), send });
    order.onGone(second);
    expect([order.holds(second), order.routeOf(later)]).to.deep.equal([true, 'held']);
    await moment();
    expect(sent).to.deep.equal([]);
    expect(order.kept.watchedCalls).to.equal(1);
    // The first has begun there, and is answered whenever it likes.
    order.onGone(third);
    expect(order.holds(third)).to.equal(true);
    await moment();
    expect(sent).to.deep.equal(['2 to n3:1', '3 to n3:1', '5 to n3:1']);
    expect(order.kept.watchedCalls).to.equal(0);
  });
});
