import { expect } from 'chai';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import { TurnedAway } from '../../lib/messaging/turned-away';

/** As much of a connection as is looked at. */
const connection = (isClosed: boolean): PacketConnection => ({ isClosed }) as unknown as PacketConnection;

const why = { why: 'the actor is elsewhere' };

describe('What is turned away', () => {
  it('is kept from the first call on until the sender has noted it', () => {
    const turnedAway = new TurnedAway();
    const from = connection(false);
    expect([turnedAway.add(from, 'a', why), turnedAway.add(from, 'a', why)]).to.deep.equal([true, false]);
    expect(turnedAway.get(from, 'a')).to.equal(why);
    expect(turnedAway.get(connection(false), 'a')).to.equal(undefined);
    turnedAway.noted(from, 'a');
    expect([turnedAway.get(from, 'a'), turnedAway.size]).to.deep.equal([undefined, 0]);
  });

  it('is not kept of a connection that has ended: nobody would ever note it', () => {
    const turnedAway = new TurnedAway();
    expect(turnedAway.add(connection(true), 'a', why)).to.equal(false);
    expect(turnedAway.size).to.equal(0);
  });
});
