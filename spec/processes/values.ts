import { expect } from 'chai';
import type { ActorReference } from 'moonpool';
import type { NodeName, ProcessFleet } from './process-fleet';
import { Traveller } from './chain-actors';
import { Parcel, Postman } from './value-actors';

const CALLER: NodeName = 'b';
const CALLEE: NodeName = 'c';

/** What becomes of values on their way from process to process. */
export function describeValues(fleet: () => ProcessFleet): void {
  describe('a value', () => {
    let postman: ActorReference<Postman>;

    before(async () => {
      postman = await fleet().place(fleet().client.actor(Postman, 'values'), CALLEE);
    });

    const samples: Readonly<Record<string, unknown>> = {
      Undefined: undefined,
      Date: new Date(86_400_000),
      Map: new Map<unknown, unknown>([
        ['a', 1],
        [{ deep: true }, new Map([[1n, new Date(0)]])],
      ]),
      Set: new Set<unknown>([1, 'one', new Set([undefined])]),
      BigInt: 2n ** 100n,
      Uint8Array: Uint8Array.of(1, 2, 255),
      Float64Array: Float64Array.of(-0, 1.5, Number.POSITIVE_INFINITY),
      BigInt64Array: BigInt64Array.of(-1n),
      Number: Number.NaN,
      Object: { none: undefined, list: [undefined, null, 0] },
    };
    for (const [kind, value] of Object.entries(samples)) {
      it(`of the kind ${kind} is the same there and back again`, async () => {
        const { value: kinds } = await fleet().call(CALLER, postman, 'kinds', [[value]]);
        expect((kinds as readonly string[]).map((name) => name.toLowerCase())).to.deep.equal([kind.toLowerCase()]);
        const outcome = await fleet().call(CALLER, postman, 'echo', [value]);
        expect(outcome.error).to.equal(undefined);
        expect(outcome.value).to.deep.equal(value);
      });
    }

    it('of a payload class is rebuilt with the classes in it, as an argument and as a result', async () => {
      const address = { street: 'Lane', number: 7 };
      const parcel = { to: 'ann', address, stops: [address, { street: 'Row', number: 1 }] };
      expect((await fleet().call(CALLER, postman, 'isParcel', [parcel])).value).to.equal(true);
      expect((await fleet().call(CALLER, postman, 'label', [parcel])).value).to.equal(
        'ann, Lane 7 by Lane 7 and Row 1',
      );
      const packed = await postman.pack('Lane');
      expect(packed).to.be.instanceOf(Parcel);
      expect(packed.label).to.equal('ann, Lane 1');
    });

    it('that the caller changes after the call is what it was, and what the callee changes changes nothing here', async () => {
      const [mine, answered] = await fleet().agent(CALLER).mutateAfterCall(postman);
      expect(mine).to.deep.equal([1, 2, 3]);
      expect(answered).to.deep.equal([1, 2, 99]);
      expect(await postman.spoil()).to.deep.equal([1, 2, 99, 100]);
      expect(answered).to.deep.equal([1, 2, 99]);
    });

    it('that is a reference can be called where it came to, as an argument and as a result', async () => {
      const here = await fleet().place(fleet().client.actor(Traveller, 'values a'), 'a');
      const there = await fleet().place(fleet().client.actor(Traveller, 'values b'), 'b');
      const toStatic = fleet().agent('b');
      expect(
        (await fleet().call(CALLER, postman, 'visit', [{ stops: [here, there, toStatic, here] }])).value,
      ).to.deep.equal(['a', 'b', 'b', 'a']);
      await fleet().place(fleet().client.actor(Postman, 'colleague'), 'a');
      const { contact } = await postman.colleague('colleague');
      expect(contact.$id.key).to.equal('colleague');
      expect(await contact.$with({ timeoutMs: 5_000 }).where()).to.equal('a');
      expect((await fleet().call(CALLER, contact, 'echo', ['hello'])).value).to.equal('hello');
    });
  });
}
