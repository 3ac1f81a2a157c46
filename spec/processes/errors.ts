import { expect } from 'chai';
import { Actor, ActorRuntime, Handler, isMoonpoolError, type ActorReference } from 'moonpool';
import { Shop } from './faulty-actors';
import type { NodeName, ProcessFleet } from './process-fleet';
import { describeError, type SeenError } from './seen-error';

/** What a newer version of the program calls actors and handlers, which the nodes do not know. */
@Actor({ name: 'Shopp' })
class MisspeltShop {
  @Handler() async where(): Promise<string> {
    return '';
  }
}
@Actor({ name: 'Shoppp', static: true })
class MisspeltShopOfNode {
  @Handler() async where(): Promise<string> {
    return '';
  }
}
@Actor({ name: 'Shop' })
class NewerShop {
  @Handler() async where(): Promise<string> {
    return '';
  }
  @Handler() async sellOutt(): Promise<void> {}
}

const CALLER: NodeName = 'a';
const CALLEE: NodeName = 'b';

/** What becomes of errors on their way from process to process. */
export function describeErrors(fleet: () => ProcessFleet): void {
  describe('an error', () => {
    let shop: ActorReference<Shop>;
    const errorOf = async (method: string, ...args: readonly unknown[]): Promise<SeenError> => {
      const { error, value } = await fleet().call(CALLER, shop, method, args);
      if (error === undefined) throw new Error(`${method} should have failed and returned ${String(value)}`);
      return error;
    };

    before(async () => {
      shop = await fleet().place(fleet().client.actor(Shop, 'errors'), CALLEE);
    });

    it('of a handler keeps its name, message, own fields and causes, and tells nothing of the files of its node', async () => {
      const error = await errorOf('sellOut');
      expect(error).to.include({
        name: 'OutOfStock',
        message: '3 of lamps are missing',
        code: undefined,
        hasForeignStack: false,
      });
      expect(error.fields).to.deep.equal({ article: 'lamps', missing: 3, since: new Date(86_400_000) });
      expect(error.cause).to.deep.include({ name: 'RangeError', message: 'below zero', classes: ['RangeError'] });
      expect(error.cause?.cause).to.deep.include({ name: 'TypeError', message: 'no shelf', classes: ['TypeError'] });
    });

    it('of a standard class is one of that class again', async () => {
      expect(await errorOf('misjudge')).to.deep.include({
        name: 'RangeError',
        message: 'out of range',
        classes: ['RangeError'],
      });
    });

    it('of an actor on a third node comes through the one between', async () => {
      const other = await fleet().place(fleet().client.actor(Shop, 'third'), 'c');
      const error = await errorOf('askOther', other.$id.key);
      expect(error).to.include({ name: 'OutOfStock', hasForeignStack: false });
      expect(error.fields).to.have.property('missing', 3);
    });

    it('of Moonpool that a handler did not catch says that the handler ran', async () => {
      const other = await fleet().place(fleet().client.actor(Shop, 'third'), 'c');
      const error = await errorOf('orderFromOther', other.$id.key);
      expect(error).to.include({ code: 'HANDLER_FAILED', executed: 'yes' });
      expect(error.cause).to.include({ code: 'INVALID_PAYLOAD', executed: 'no' });
    });

    it('names each wrong argument, and no turn was begun', async () => {
      const before = (await fleet().call(CALLER, shop, 'turnsOfWork')).value;
      const error = await errorOf('order', { article: 7, pieces: 0, gift: true });
      expect(error).to.include({ code: 'INVALID_PAYLOAD', executed: 'no' });
      expect(error.message)
        .to.contain('article must be a string')
        .and.to.contain('pieces must be a positive number')
        .and.to.contain('gift');
      expect((await fleet().call(CALLER, shop, 'turnsOfWork')).value).to.equal(before);
    });

    it('about what cannot be carried is the caller’s own when it is an argument: nothing is sent', async () => {
      const call = fleet()
        .client.actor(Shop, 'errors')
        .take({ deep: [() => 'a function'] });
      const error = describeError(await call.catch((failure: unknown) => failure));
      expect(error).to.include({ code: 'UNSERIALIZABLE_VALUE', executed: 'no' });
      expect(error.message).to.contain('function');
    });

    it('about what cannot be carried says that the turn ran when it is a result', async () => {
      const before = (await fleet().call(CALLER, shop, 'turnsOfWork')).value as number;
      const error = await errorOf('secret');
      expect(error).to.include({ code: 'UNSERIALIZABLE_VALUE', executed: 'yes' });
      expect((await fleet().call(CALLER, shop, 'turnsOfWork')).value).to.equal(before + 1);
    });

    describe('for a caller of another version', () => {
      let stranger: ActorRuntime;
      const failureOf = async (call: Promise<unknown>): Promise<unknown> =>
        call.then(
          (value) => expect.fail(`${String(value)} was returned`),
          (error: unknown) => error,
        );

      before(async () => {
        stranger = await ActorRuntime.connect({
          ...fleet().parts,
          observers: [],
          actors: [NewerShop, MisspeltShop, MisspeltShopOfNode],
        });
      });
      after(() => stranger.shutdown());

      it('names the handler that may have been meant', async () => {
        const error = await failureOf(stranger.actor(NewerShop, 'errors').sellOutt());
        expect(isMoonpoolError(error, 'UNKNOWN_HANDLER') && error.executed).to.equal('no');
        expect((error as Error).message)
          .to.contain('sellOutt')
          .and.to.contain('sellOut');
        expect((error as Error).message).to.match(/did you mean|meant/i);
      });

      it('names the actor that may have been meant', async () => {
        const error = await failureOf(stranger.actor(MisspeltShopOfNode).$on(fleet().address(CALLEE)).where());
        expect(isMoonpoolError(error, 'UNKNOWN_ACTOR') && error.executed).to.equal('no');
        expect((error as Error).message)
          .to.contain('Shoppp')
          .and.to.match(/Shop\b/);
      });

      it('comes at once when no node hosts the actor', async () => {
        const error = await failureOf(stranger.actor(MisspeltShop, 'x').where());
        expect(isMoonpoolError(error, 'NO_NODE_AVAILABLE') && error.executed).to.equal('no');
      });
    });
  });
}
