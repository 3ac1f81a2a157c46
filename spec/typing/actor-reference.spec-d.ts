import {
  Actor,
  ActorContext,
  ActorState,
  Handler,
  inject,
  Persist,
  type ActorId,
  type ActorReference,
  type ActorRuntime,
  type DeactivationReason,
} from 'moonpool';

/**
 * What must and must not compile. It is compiled by the build and never run: a line that compiles and should not leaves an
 * unused `@ts-expect-error`, which is an error itself.
 */
class Money {
  balance = 0;
}
class Other {
  text = '';
}

@Actor({ name: 'TypedAccount' })
class Account {
  @Persist(Money) private readonly money!: ActorState<Money>;
  readonly field = 1;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  async onActivate(): Promise<void> {}
  async onDeactivate(_reason: DeactivationReason): Promise<void> {}
  @Handler() async deposit(amount: number, note?: string): Promise<number> {
    return amount + (note?.length ?? 0) + this.money.value.balance;
  }
  /** It takes and gives references to its own class. */
  @Handler() async transfer(to: ActorReference<Account>, amount: number): Promise<ActorReference<Account>> {
    await to.deposit(amount);
    return to;
  }
  async find(key: string): Promise<string>;
  async find(key: number): Promise<number>;
  @Handler() async find(key: string | number): Promise<string | number> {
    return key;
  }
  @Handler() async echo<T>(value: T): Promise<T> {
    return value;
  }
  synchronous(): number {
    return 1;
  }
  protected async hidden(): Promise<ActorContext> {
    return this.context;
  }
}

/** A class that is closed in itself: its references and those to it are different types. */
@Actor({ name: 'TypedDoor' })
class Door {
  @Handler() async open(): Promise<void> {}
}

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
function assertType<_T extends true>(): void {}

/** Calls. */
export async function calls(runtime: ActorRuntime): Promise<void> {
  const account = runtime.actor(Account, 'alice');
  const balance = await account.deposit(5, 'note');
  assertType<Equal<typeof balance, number>>();
  const same = await account.transfer(runtime.actor(Account, 'bob'), 1);
  assertType<Equal<typeof same, ActorReference<Account>>>();
  const text = await account.echo('x');
  assertType<Equal<typeof text, 'x' | string extends typeof text ? typeof text : never>>();
  const word: string = await account.echo('x' as string);
  const number: number = await account.find(word.length);

  // @ts-expect-error -- a number is wanted
  await account.deposit('5');
  // @ts-expect-error -- an argument is missing
  await account.deposit();
  // @ts-expect-error -- there is one argument too many
  await account.deposit(number, 'note', 3);
  // @ts-expect-error -- no overload takes a boolean
  await account.find(true);
  // @ts-expect-error -- a reference to another class of actors
  await account.transfer(runtime.actor(Door, 'front'), 1);
  // @ts-expect-error -- an actor itself is no reference to one
  await account.transfer(new Account(undefined as unknown as ActorContext), 1);
  // @ts-expect-error -- the answer is a promise
  account.deposit(1).toFixed();
}

/** What a reference does not have. */
export function members(account: ActorReference<Account>): void {
  // @ts-expect-error -- private members are the actor's own
  void account.money;
  // @ts-expect-error -- protected members too
  void account.hidden();
  // @ts-expect-error -- only the runtime calls hooks
  void account.onActivate();
  // @ts-expect-error -- only the runtime calls hooks
  void account.onDeactivate({ code: 'idle', description: '' });
  // @ts-expect-error -- a synchronous method cannot be called from afar
  void account.synchronous();
  // @ts-expect-error -- a field is not to be had from afar
  void (account.field + 1);
  // @ts-expect-error -- there is no such handler
  void account.withdraw(1);
  // @ts-expect-error -- a reference is never thenable
  void account.then;
  // @ts-expect-error -- a handler is not to be replaced
  account.deposit = async () => 1;
}

/** The controls behind `$`. */
export async function controls(account: ActorReference<Account>): Promise<void> {
  const id: ActorId = account.$id;
  void id.parts;
  const sent = account.$send.deposit(1);
  assertType<Equal<typeof sent, void>>();
  const tried = account.$trySend.deposit(1, 'note');
  assertType<Equal<typeof tried, Promise<void>>>();
  const delivered = account.$deliver.$with({ delayMs: 5, at: new Date(0), id: 'x' }).deposit(1, 'note');
  assertType<Equal<typeof delivered, Promise<void>>>();
  const again = account.$with({ timeoutMs: 1, context: { asked: 'by me' } });
  assertType<Equal<typeof again, ActorReference<Account>>>();
  const there = account.$on('127.0.0.1:1');
  assertType<Equal<typeof there, ActorReference<Account>>>();

  // @ts-expect-error -- arguments of one-way messages are checked as well
  account.$send.deposit('1');
  // @ts-expect-error -- and those of messages that wait for room
  await account.$trySend.deposit();
  // @ts-expect-error -- and those of messages that must arrive
  await account.$deliver.deposit('1');
  // @ts-expect-error -- a synchronous method cannot be delivered to
  account.$deliver.synchronous();
  // @ts-expect-error -- there is no such option of a delivery
  account.$deliver.$with({ timeoutMs: 1 });
  // @ts-expect-error -- a synchronous method cannot be sent to either
  account.$send.synchronous();
  // @ts-expect-error -- hooks cannot be sent to
  account.$send.onActivate();
  // @ts-expect-error -- there is no such option
  account.$with({ timeout: 1 });
  // @ts-expect-error -- an address is a text
  account.$on(5000);
  // @ts-expect-error -- whom a reference means never changes
  account.$id = id;
}

/** Keys. */
export function keys(runtime: ActorRuntime & ActorContext, maybeKey: string | undefined): void {
  // Whether a class is declared static the compiler does not see: this is refused at run time for one that is not.
  runtime.actor(Account);
  // @ts-expect-error -- a key that is missing means no actor that others share
  runtime.actor(Account, undefined);
  // @ts-expect-error -- null is no key
  runtime.actor(Account, null);
  // @ts-expect-error -- a key that may be missing has to be looked at first
  runtime.actor(Account, maybeKey);
  // @ts-expect-error -- there is one argument too many
  runtime.actor(Account, 'alice', 'bob');
  for (const key of ['alice', 5, 5n, ['eu', 5, 7n, true], ['eu', 5] as const] as const) runtime.actor(Account, key);
  // @ts-expect-error -- no object is a key
  runtime.actor(Account, { region: 'eu' });
  // @ts-expect-error -- no boolean is a key
  runtime.actor(Account, true);
  // @ts-expect-error -- a list is flat
  runtime.actor(Account, ['eu', ['nested']]);
  // @ts-expect-error -- an object is no class
  runtime.actor({}, 'alice');
}

/** Durable fields. */
export class States {
  @Persist(Money) readonly money!: ActorState<Money>;
  // @ts-expect-error -- @Persist takes the class of the state
  @Persist('money') readonly named!: ActorState<Money>;

  write(): void {
    this.money.value.balance = 1;
    // @ts-expect-error -- the state of this class has no text
    this.money.value.text = '';
    // @ts-expect-error -- a state is an instance of its class
    this.money.value = new Other();
    // @ts-expect-error -- only the runtime says what is stored
    this.money.stored = true;
  }
}
