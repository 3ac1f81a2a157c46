import { expect } from 'chai';
import { Type } from 'class-transformer';
import { IsInt, IsPositive, ValidateNested } from 'class-validator';
import {
  Actor,
  ActorRuntime,
  Handler,
  isMoonpoolError,
  Logger,
  memory,
  nullable,
  type ContainerModule,
} from 'moonpool';
import { msgpack } from 'moonpool/msgpack';
import { FlowTransport, RpcInterface, RpcMethod } from 'moonpool/rpc';

class Deposit {
  @IsInt() @IsPositive() amount!: number;
}
class Card {
  number = '';
}
class Account {
  @IsInt() digits = 1;
}
const WAYS = {
  discriminator: {
    property: 'way',
    subTypes: [
      { value: Card, name: 'card' },
      { value: Account, name: 'account' },
    ],
  },
};
class Payment {
  @ValidateNested() @Type(() => Card, WAYS) by!: Card | Account;
}

@Actor({ name: 'Counter' })
class Counter {
  @Handler() async take(deposit: Deposit, ..._more: Deposit[]): Promise<boolean> {
    return deposit instanceof Deposit;
  }
  @Handler({ accepts: [nullable(Deposit)] }) async perhaps(deposit: Deposit | null): Promise<boolean> {
    return deposit instanceof Deposit;
  }
  @Handler({ returns: Deposit }) async give(amount: number, isList: boolean): Promise<unknown> {
    return isList ? [{ amount }] : { amount };
  }
  @Handler({ returns: Payment }) async pay(payment: Payment): Promise<Payment> {
    return payment;
  }
  @Handler({ accepts: [undefined] }) async echo(value: unknown): Promise<unknown> {
    return value;
  }
  @Handler() async fail(): Promise<never> {
    throw Object.assign(new AggregateError([new RangeError('first')], 'both', { cause: { status: 404 } }), {
      inner: new TypeError('in'),
    });
  }
}

@RpcInterface({ id: 0x71 })
class Till {
  @RpcMethod(0, { returns: Payment }) async pay(payment: Payment): Promise<Payment> {
    return payment;
  }
  @RpcMethod(1) async fail(): Promise<never> {
    throw new AggregateError([new RangeError('first')], 'both', { cause: 'because' });
  }
}

const quiet: ContainerModule = {
  name: 'quiet',
  load: (bind) => bind(Logger).toValue({ info() {}, warn() {}, error() {} }),
};

for (const [serializer, extra] of [
  ['JSON', []],
  ['MessagePack', [msgpack()]],
] as const) {
  describe(`Values, from near and from far, as ${serializer}`, () => {
    let callers: readonly ActorRuntime[];
    before(async () => {
      const modules = [memory(), ...extra, quiet];
      const options = { namespace: `values-${serializer}`, actors: [Counter], modules, inProcess: false };
      callers = [await ActorRuntime.start({ ...options, name: 'north' }), await ActorRuntime.connect(options)];
    });
    after(async () => {
      for (const caller of [...callers].reverse()) await caller.shutdown();
    });

    const alike = (
      title: string,
      body: (counter: Record<keyof Counter, (...args: unknown[]) => Promise<unknown>>) => Promise<void>,
    ): void =>
      void it(title, async () => {
        for (const caller of callers) await body(caller.actor(Counter, 'c') as never);
      });
    const refused = async (call: Promise<unknown>, executed: 'no' | 'yes', code = 'INVALID_PAYLOAD'): Promise<void> => {
      const error = await call.then(
        () => undefined,
        (failure: unknown) => failure,
      );
      expect(isMoonpoolError(error) ? [error.code, error.executed] : error).to.deep.equal([code, executed]);
    };

    alike(
      'payloads are instances and checked, also those behind the first, those that may be null, and those of an answer',
      async (counter) => {
        expect(await counter.take({ amount: 1 }, { amount: 2 })).to.equal(true);
        await refused(counter.take({ amount: 1 }, { amount: -2 }), 'no');
        await refused(counter.take({ amount: 1, toString: 1 }), 'no');
        expect([
          await counter.perhaps(null),
          await counter.perhaps(),
          await counter.perhaps({ amount: 1 }),
        ]).to.deep.equal([false, false, true]);
        await refused(counter.perhaps({ amount: 0 }), 'no');
        expect(await counter.give(1, false)).to.be.instanceOf(Deposit);
        expect(((await counter.give(1, true)) as unknown[])[0]).to.be.instanceOf(Deposit);
        await refused(counter.give(-1, false), 'yes');
        await refused(counter.give(-1, true), 'yes');
        await refused(counter.echo({ amount: 1 }), 'no');
      },
    );

    alike('one of several classes in a field is known by its name, there and back', async (counter) => {
      for (const by of [Object.assign(new Card(), { number: '4' }), Object.assign(new Account(), { digits: 7 })]) {
        const answer = (await counter.pay(Object.assign(new Payment(), { by }))) as Payment;
        expect(answer.by).to.be.instanceOf(by.constructor).and.to.deep.equal(by);
      }
      await refused(counter.pay({ by: Object.assign(new Account(), { digits: 'x' }) }), 'no');
    });

    alike('what is carried is carried as what it is, and what is not is refused', async (counter) => {
      for (const value of [
        new URL('http://a/b'),
        /a/g,
        Buffer.from('a'),
        new Map([['\ud800', new Date(0)]]),
        Uint8Array.of(1).buffer,
      ])
        expect(await counter.echo(value)).to.deep.equal(value);
      for (const value of [new Headers(), [1][Symbol.iterator](), Object('boxed'), Object.assign([1], { total: 1 })])
        await refused(counter.echo(value), 'no', 'UNSERIALIZABLE_VALUE');
    });

    alike('errors keep what they hold', async (counter) => {
      const error = (await counter.fail().catch((failure: unknown) => failure)) as AggregateError & { inner: unknown };
      expect(error).to.be.instanceOf(AggregateError).and.to.include({ message: 'both' });
      expect([error.errors[0], error.inner, error.cause]).to.satisfy(
        ([first, inner, cause]: unknown[]) =>
          first instanceof RangeError && inner instanceof TypeError && (cause as { status: number }).status === 404,
      );
    });
  });
}

describe('Values of fixed endpoints', () => {
  it('are told, checked and thrown as those of actors are', async () => {
    const server = await FlowTransport.listen({ listen: '127.0.0.1:0', modules: [quiet] });
    const caller = await FlowTransport.open({ modules: [quiet] });
    try {
      server.serve(new Till());
      const till = caller.connect(Till, server.address);
      const by = Object.assign(new Account(), { digits: 7 });
      expect((await till.pay(Object.assign(new Payment(), { by }))).by)
        .to.be.instanceOf(Account)
        .and.to.deep.equal(by);
      const error = (await till.fail().catch((failure: unknown) => failure)) as AggregateError;
      expect(error).to.be.instanceOf(AggregateError).and.to.include({ cause: 'because' });
      expect(error.errors[0]).to.be.instanceOf(RangeError);
    } finally {
      await caller.close();
      await server.close();
    }
  });
});
