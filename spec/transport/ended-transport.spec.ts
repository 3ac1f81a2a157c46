import { expect } from 'chai';
import { MoonpoolError } from 'moonpool';
import { withTwoStations } from './transport-fixture';

/** Nobody would look after what is dialled then, nor close it: the process could not end, and a fenced node would speak. */
describe('A transport that has ended', () => {
  for (const [how, end] of [
    ['in order', 'stop'],
    ['at once', 'cutAll'],
  ] as const) {
    it(`${how} dials nobody: not those whom it knew, nor others`, () =>
      withTwoStations(1, async ({ one, two, sleep }) => {
        one.send(two, 'before');
        await sleep(100);
        expect(two.received).to.deep.equal(['before']);
        await one.transport[end](new MoonpoolError('NODE_FENCED', { message: 'it is fenced' }));
        await sleep(3_000);
        expect(two.transport.describe().incoming).to.equal(0);
        for (const address of [two.address, 'elsewhere:5000'])
          expect(() => one.transport.peer(address).connection()).to.throw('RUNTIME_NOT_READY');
        await sleep(3_000);
        expect(two.transport.describe().incoming).to.equal(0);
      }));
  }
});
