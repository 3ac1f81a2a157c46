import { IsInt } from 'class-validator';
import { expect } from 'chai';
import { Actor } from '../../decorators/actor';
import { Handler } from '../../decorators/handler';
import { inject } from '../../decorators/inject';
import { Persist } from '../../decorators/persist';
import { Reminder } from '../../decorators/reminder';
import { ActorContext } from '../../lib/actor/actor-context';
import { ActorState } from '../../lib/actor/actor-state';
import type { Constructor } from '../../lib/injection/token';
import { describeActors } from '../../lib/metadata/discovery';

class Deposit {
  @IsInt() amount!: number;
}
class Account {
  balance = 0;
}

function mistakesOf(...types: unknown[]): string {
  try {
    describeActors(types as Constructor<object>[]);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('Discovery', () => {
  it('turns a decorated class into a descriptor with its handlers, states and dependencies', () => {
    @Actor({ name: 'Sound' })
    class Sound {
      @Persist(Account) readonly account!: ActorState<Account>;
      constructor(@inject(ActorContext) readonly context: ActorContext) {}
      @Handler() async deposit(_request: Deposit, _note: string): Promise<void> {}
      @Handler({ readOnly: true }) async balance(): Promise<number> {
        return 0;
      }
    }
    const descriptor = describeActors([Sound]).get('Sound');
    expect([...(descriptor?.handlers.keys() ?? [])]).to.deep.equal(['deposit', 'balance']);
    expect(descriptor?.handlers.get('deposit')?.parameters).to.deep.equal([
      { kind: 'payload', type: Deposit },
      { kind: 'primitive', type: 'string' },
    ]);
    expect(descriptor?.states.map(({ name, type }) => ({ name, type }))).to.deep.equal([
      { name: 'account', type: Account },
    ]);
    expect(descriptor?.dependencies).to.deep.equal([ActorContext]);
  });

  it('refuses a class that is declared with what does not let itself be looked at, beside all other mistakes', () => {
    const { proxy, revoke } = Proxy.revocable(() => undefined, {});
    revoke();
    @Actor({ name: 'Veiled' })
    class Veiled {
      @Handler(proxy as object) async see(): Promise<void> {}
    }
    class Bare {}
    expect(mistakesOf(Veiled, Bare, proxy))
      .to.contain('Veiled is declared with something that does not let itself be looked at (Cannot perform')
      .and.contain('Bare is not marked with @Actor')
      .and.contain('which is no class');
  });

  it('refuses handlers that the language itself would call, and what is called so and is no handler does no harm', () => {
    @Actor({ name: 'Eager' })
    class Eager {
      @Handler() async then(): Promise<void> {}
      @Handler() async toJSON(): Promise<void> {}
      @Handler() async work(): Promise<void> {}
    }
    Handler()(Eager.prototype, 'constructor', Object.getOwnPropertyDescriptor(Eager.prototype, 'constructor') as never);
    const text = { value: async () => 'text', writable: true, configurable: true };
    for (const name of ['toString', 'valueOf']) {
      Object.defineProperty(Eager.prototype, name, text);
      Handler()(Eager.prototype, name, text);
    }
    const said = mistakesOf(Eager);
    expect(said).to.contain("Eager has a handler 'then': a reference with it would be taken for a promise.");
    expect(said).to.contain("Eager has a handler 'toJSON': a reference with it would be called by JSON.stringify");
    for (const name of ['toString', 'valueOf', 'constructor'])
      expect(said).to.contain(`Eager has a handler '${name}':`);
    @Actor({ name: 'Own' })
    class Own {
      toJSON(): string {
        return 'own';
      }
      @Handler() async work(): Promise<void> {}
    }
    expect(mistakesOf(Own)).to.equal('');
  });

  it('refuses a handler whose name no request has room for, and takes the longest', () => {
    const named = (length: number) => {
      class Wordy {
        async [`a${'é'.repeat(length / 2)}`](): Promise<void> {}
      }
      Actor({ name: 'Wordy' })(Wordy);
      const method = Object.getOwnPropertyNames(Wordy.prototype).find((name) => name !== 'constructor') ?? '';
      Handler()(
        Wordy.prototype,
        method,
        Object.getOwnPropertyDescriptor(Wordy.prototype, method) as TypedPropertyDescriptor<unknown>,
      );
      return mistakesOf(Wordy);
    };
    expect(named(254)).to.equal('');
    expect(named(256)).to.include('Wordy has a handler whose name of 257 bytes').and.include('room for 255');
  });

  it('refuses @Persist on what is no field for an ActorState, and says how it is declared', () => {
    @Actor({ name: 'Wrong' })
    class Wrong {
      @Persist(Account) readonly account!: Account;
      @Persist(Account) readonly balance!: number;
      @Persist(Account) get accessor(): number {
        return 1;
      }
      @Persist(Account) readonly unknown!: { readonly balance: number };
      @Handler() async work(): Promise<void> {}
    }
    const mistakes = mistakesOf(Wrong);
    expect(mistakes).to.contain(
      "has @Persist on 'account', which is declared as Account: what the runtime puts there is an ActorState with the value in it, so declare @Persist(Account) private readonly account!: ActorState<Account>.",
    );
    expect(mistakes).to.contain("has @Persist on 'balance', which is declared as Number");
    expect(mistakes).to.contain("has @Persist on 'accessor', which is no field");
    expect(mistakes).not.to.contain("'unknown'");
  });

  it('refuses @Reminder where there can be none, and where two methods have one', () => {
    @Actor({ name: 'Forgetful' })
    class Forgetful {
      @Reminder() async wake(): Promise<void> {}
      @Handler() async work(): Promise<void> {}
    }
    @Actor({ name: 'Everywhere', static: true })
    class Everywhere {
      @Persist(Account) protected readonly account!: ActorState<Account>;
      @Reminder() async wake(): Promise<void> {}
      @Handler() async work(): Promise<void> {}
    }
    @Actor({ name: 'Wrong' })
    class Wrong {
      @Persist(Account) protected readonly account!: ActorState<Account>;
      @Reminder('a') async first(): Promise<void> {}
      @Reminder('a') async second(): Promise<void> {}
      @Reminder('') async empty(): Promise<void> {}
      @Reminder() async onActivate(): Promise<void> {}
      @Reminder() static async ofAll(): Promise<void> {}
      @Handler() async work(): Promise<void> {}
    }
    expect(mistakesOf(Forgetful)).to.contain(
      'has @Reminder and nothing durable: a reminder is set and cancelled together',
    );
    expect(mistakesOf(Everywhere)).to.contain('is static and has @Reminder');
    const mistakes = mistakesOf(Wrong);
    expect(mistakes).to.contain("two methods for the reminder 'a': first and second");
    expect(mistakes).to.contain("has @Reminder on 'empty' with a name that is not a text");
    expect(mistakes).to.contain("has @Reminder on the hook 'onActivate'");
    expect(mistakes).to.contain("has @Reminder on the static member 'ofAll'");
  });

  it('inherits handlers and states of base classes, and lets a subclass override a handler', async () => {
    abstract class Base {
      @Handler() async shared(): Promise<string> {
        return 'base';
      }
    }
    @Actor({ name: 'Derived' })
    class Derived extends Base {
      override async shared(): Promise<string> {
        return 'derived';
      }
    }
    const handler = describeActors([Derived]).get('Derived')?.handlers.get('shared');
    expect(await handler?.invoke(new Derived(), [])).to.equal('derived');
  });

  it('reports every mistake of all classes in one error', () => {
    class NotAnActor {
      @Handler() async hello(): Promise<void> {}
    }
    @Actor({ name: '' })
    class NoName {
      @Handler() async hello(): Promise<void> {}
    }
    @Actor({ name: 'NoHandlers' })
    class NoHandlers {}
    @Actor({ name: 'Twin', idleTimeoutMs: -1 })
    class FirstTwin {
      @Handler() async hello(): Promise<void> {}
    }
    @Actor({ name: 'Twin' })
    class SecondTwin {
      @Handler() static async hello(): Promise<void> {}
      @Handler() async onActivate(): Promise<void> {}
      @Handler() async then(): Promise<void> {}
      @Handler() async $call(): Promise<void> {}
      @Persist(Account, 'same') first!: object;
      @Persist(Account, 'same') second!: object;
      constructor(readonly something: { readonly unknown: true }) {}
    }
    const message = mistakesOf(NotAnActor, NoName, NoHandlers, FirstTwin, FirstTwin, SecondTwin, undefined);
    for (const expected of [
      'NotAnActor is not marked with @Actor',
      'NoName has no wire name',
      'NoHandlers has no handler',
      'FirstTwin is declared wrongly: The option idleTimeoutMs of @Actor must be a number of milliseconds above 0; -1 was given.',
      'FirstTwin is listed twice',
      "SecondTwin has the wire name 'Twin', which FirstTwin has too",
      "SecondTwin has @Handler on the static member 'hello'",
      "SecondTwin has @Handler on the hook 'onActivate'",
      "SecondTwin has a handler 'then'",
      "SecondTwin has a handler '$call'",
      "SecondTwin has two states of the name 'same'",
      'SecondTwin has a constructor whose parameter 1 names no token',
      'The list of actors holds undefined',
    ]) {
      expect(message).to.contain(expected);
    }
  });

  it('has both hooks of a move, or none', () => {
    @Actor({ name: 'Giver' })
    class Giver {
      onDehydrate(): number {
        return 1;
      }
      @Handler() async work(): Promise<void> {}
    }
    @Actor({ name: 'Both' })
    class Both extends Giver {
      onRehydrate(): void {}
      @Handler() override async work(): Promise<void> {}
    }
    expect(mistakesOf(Giver, Both)).to.contain('Giver has one of the hooks onDehydrate and onRehydrate');
    expect(mistakesOf(Giver, Both)).not.to.contain('Both has one');
  });

  it('does not take an undecorated subclass of an actor for an actor', () => {
    @Actor({ name: 'Parent' })
    class Parent {
      @Handler() async hello(): Promise<void> {}
    }
    class Child extends Parent {}
    expect(mistakesOf(Child)).to.contain('Child is not marked with @Actor');
  });
});
