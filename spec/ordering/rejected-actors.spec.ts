import { expect } from 'chai';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import { RejectedActors } from '../../lib/ordering/rejected-actors';

/** As much of a connection as is looked at. */
const connection = (isClosed: boolean): PacketConnection => ({ isClosed }) as unknown as PacketConnection;

const why = { why: 'the actor is elsewhere' };

describe('What is rejected', () => {
  it('is kept from the first call on until the sender has noted it', () => {
    const rejectedActors = new RejectedActors();
    const from = connection(false);
    expect([rejectedActors.add(from, 'a', why), rejectedActors.add(from, 'a', why)]).to.deep.equal([true, false]);
    expect(rejectedActors.get(from, 'a')).to.equal(why);
    expect(rejectedActors.get(connection(false), 'a')).to.equal(undefined);
    rejectedActors.noted(from, 'a');
    expect([rejectedActors.get(from, 'a'), rejectedActors.size]).to.deep.equal([undefined, 0]);
  });

  it('is kept of a bounded number of actors of each connection', () => {
    const rejectedActors = new RejectedActors();
    const [from, other] = [connection(false), connection(false)];
    for (let actor = 0; actor < 10_000; actor++) rejectedActors.add(from, `a${actor}`, why);
    expect([rejectedActors.add(from, 'one more', why), rejectedActors.get(from, 'one more')]).to.deep.equal([
      false,
      undefined,
    ]);
    expect(rejectedActors.add(other, 'one more', why)).to.equal(true);
    rejectedActors.noted(from, 'a5');
    expect(rejectedActors.add(from, 'one more', why)).to.equal(true);
  });

  it('is not kept of a connection that has ended: nobody would ever note it', () => {
    const rejectedActors = new RejectedActors();
    expect(rejectedActors.add(connection(true), 'a', why)).to.equal(false);
    expect(rejectedActors.size).to.equal(0);
  });
});
