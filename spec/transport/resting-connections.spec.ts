import { expect } from 'chai';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { markOfAddress } from '../../lib/handshake/dialled-address';
import { wellKnownToken } from '../../lib/identity/well-known-token';
import { withTwoStations, type Station, type TwoStations } from './transport-fixture';

const packetsOf = ({ one, two }: TwoStations): number =>
  Number(one.transport.describe().outgoing[two.address]?.sentPackets);

/** Lets both stations greet, and rest. */
async function rest(parts: TwoStations): Promise<void> {
  parts.one.send(parts.two, 'greeting');
  await parts.sleep(10_000);
}

describe('A connection that nobody uses', () => {
  it('is asked for a heartbeat a fifth as often, and stays', () =>
    withTwoStations(1, async (parts) => {
      parts.one.send(parts.two, 'greeting');
      await parts.sleep(1_500);
      const atFirst = packetsOf(parts);
      await rest(parts);
      const before = packetsOf(parts);
      await parts.sleep(100_000);
      expect(atFirst).to.be.greaterThan(1);
      expect(packetsOf(parts) - before).to.be.within(18, 40);
      expect([parts.one.losses, parts.two.losses]).to.deep.equal([[], []]);
    }));

  it('is watched as closely as any other from its next use on: what is sent into the dark is known to be lost in time', () =>
    withTwoStations(
      1,
      async (parts) => {
        await rest(parts);
        parts.unleash();
        parts.one.send(parts.two, 'into the dark');
        await parts.sleep(100);
        parts.world.network.conditions.setFaulty(false);
        expect(parts.one.losses).to.have.length(0);
        await parts.sleep(5_000);
        expect(parts.one.losses[0]?.message).to.contain('nothing was heard for');
      },
      { vanishing: { halfOpenProbability: 0, blackHoleProbability: 1, minResetMs: 0, maxResetMs: 0 } },
    ));

  it('is used for the way back: nobody dials where a connection has come from', () =>
    withTwoStations(1, async (parts) => {
      const { one, two } = parts;
      await thereAndBack(parts);
      expect([two.received, one.received]).to.deep.equal([['there'], ['and back']]);
      expect(two.transport.describe().outgoing[one.address]).to.include({
        link: 'tcp',
        openedBy: 'the other side',
        attempts: 0,
        state: 'connected',
      });
      expect(one.transport.describe().incoming).to.equal(0);
    }));

  it('is known by the address that it was called by on either side, and so is the one that follows it', () =>
    withTwoStations(1, async (parts) => {
      const { one, two } = parts;
      const ASKS = wellKnownToken(41);
      const calledAt: (number | undefined)[] = [];
      for (const { transport } of [one, two])
        transport.endpoints.register(ASKS, (_, { calledAt: mark }) => calledAt.push(mark));
      const ask = async (from: Station, { address }: Station): Promise<void> => {
        const connection = from.transport.peer(address).connection();
        connection.begin(ASKS);
        connection.end();
        await parts.sleep(1_000);
      };
      two.vouchFor(one);
      await ask(one, two);
      await ask(two, one);
      one.transport.peer(two.address).cut(new MoonpoolError('CONNECTION_LOST', { message: 'cut by the spec' }));
      await parts.sleep(1_000);
      // What was the way back is the way there now.
      await ask(two, one);
      await ask(one, two);
      const [atOne, atTwo] = [markOfAddress(one.address), markOfAddress(two.address)];
      expect(calledAt).to.deep.equal([atTwo, atOne, atOne, atTwo]);
    }));

  it('is dialled again by whoever needs it when the one that was used for the way back is gone', () =>
    withTwoStations(1, async (parts) => {
      const { one, two } = parts;
      await thereAndBack(parts);
      two.transport.peer(one.address).sendReliable(wellKnownToken(41), (into) => into.text('kept'));
      one.transport.peer(two.address).cut(new MoonpoolError('CONNECTION_LOST', { message: 'cut by the spec' }));
      await parts.sleep(1_000);
      two.send(one, 'once more');
      await parts.sleep(200);
      expect(one.received).to.deep.equal(['and back', 'once more']);
      expect(two.transport.describe().outgoing[one.address]).to.include({
        link: 'tcp',
        openedBy: 'this side',
        attempts: 1,
      });
      expect(two.transport.peer(one.address).hasUnacknowledged).to.equal(false);
    }));

  it('is not used for the way back when a later one was in use: what comes by an earlier one is taken for late', () =>
    withTwoStations(1, async (parts) => {
      const { one, two, sleep } = parts;
      two.send(one, 'by the first');
      await sleep(100);
      one.send(two, 'by the second');
      await sleep(100);
      one.vouchFor(two);
      one.transport.peer(two.address).cut(new MoonpoolError('CONNECTION_LOST', { message: 'cut by the spec' }));
      await sleep(1_000);
      one.send(two, 'by a third');
      await sleep(200);
      expect(two.received).to.deep.equal(['by the second', 'by a third']);
      expect(one.transport.describe().outgoing[two.address]).to.include({ openedBy: 'this side', attempts: 2 });
    }));

  it('is not used for the way back on the mere word of who opened it: nobody gets what is meant for another', () =>
    withTwoStations(1, async (parts) => {
      const { one, two, sleep } = parts;
      const elsewhere = 'c:5000';
      one.local.address = elsewhere;
      two.vouchFor(one);
      one.send(two, 'I am another');
      await sleep(100);
      two.transport.peer(elsewhere).sendReliable(wellKnownToken(41), (into) => into.text('secret'));
      await sleep(1_000);
      expect(two.transport.describe().outgoing[elsewhere]).to.include({ link: null, remote: null });
    }));
});

/** A connection that one has opened carries a message each way. */
async function thereAndBack({ one, two, sleep }: TwoStations): Promise<void> {
  two.vouchFor(one);
  one.send(two, 'there');
  await sleep(100);
  two.send(one, 'and back');
  await sleep(100);
}
