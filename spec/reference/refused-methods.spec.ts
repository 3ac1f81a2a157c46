import { expect } from 'chai';
import { Actor, ActorRuntime, Handler, memory, type ActorReference } from 'moonpool';

class Ledger {
  async inherited(): Promise<void> {}
}

@Actor({ name: 'Account' })
class Account extends Ledger {
  @Handler() async deposit(amount: number): Promise<number> {
    return amount;
  }

  async forgotten(): Promise<void> {}

  private async hidden(): Promise<void> {}

  onActivate(): void {
    void this.hidden;
  }

  override toString(): string {
    return 'an account';
  }
}

/** What the function throws, or the promise that it returns is rejected with. */
async function failureOf(work: () => unknown): Promise<Error & { readonly code?: string }> {
  try {
    await work();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing failed');
}

describe('A reference', () => {
  let node: ActorRuntime;
  let alice: ActorReference<Account>;
  before(async () => {
    node = await ActorRuntime.start({ namespace: 'bank', actors: [Account], modules: [memory()] });
    alice = node.actor(Account, 'alice');
  });
  after(() => node.shutdown());

  const called = (reference: object, method: string): Promise<Error & { readonly code?: string }> =>
    failureOf(() => (reference as Record<string, () => unknown>)[method]?.());

  for (const [whose, method] of [
    ['of the class itself', 'forgotten'],
    ['that is private', 'hidden'],
    ['of a class that it extends', 'inherited'],
  ] as const) {
    it(`says of a method ${whose} without @Handler what to do`, async () => {
      const { code, message } = await called(alice, method);
      expect(code).to.equal('UNKNOWN_HANDLER');
      expect(message).to.equal(
        `UNKNOWN_HANDLER: The method ${method} of Account was called for bank/Account/alice, but is not marked with @Handler, so that only the actor itself can call it. Mark it with @Handler(), or call one of those that are: deposit.`,
      );
    });
  }

  it('says it one-way too', async () => {
    expect(() => (alice.$send as unknown as Record<string, () => void>)['forgotten']?.()).to.throw(
      /The method forgotten of Account.*is not marked with @Handler/,
    );
    expect((await called(alice.$trySend, 'forgotten')).message).to.match(
      /The method forgotten of Account.*is not marked with @Handler/,
    );
  });

  it('has no hooks, nothing to wait for, and its own way of being printed', () => {
    expect('onActivate' in alice || 'then' in alice).to.equal(false);
    expect(String(alice)).to.equal('ActorReference(bank/Account/alice)');
  });

  it('says of a method that was taken from it how to call it', async () => {
    const { deposit, $with, $on } = alice;
    const { deposit: sent } = alice.$send;
    const { deposit: trySent } = alice.$trySend;
    const elsewhere = { deposit };
    const says =
      /DETACHED_METHOD: The method deposit of a reference to Account was called without the reference.*\(\.\.\.args\) => reference\.deposit\(\.\.\.args\)/;
    for (const work of [
      () => deposit(1),
      () => elsewhere.deposit(1),
      () => [1].map(deposit)[0],
      () => sent(1),
      () => trySent(1),
    ])
      expect((await failureOf(work)).message).to.match(says);
    expect(() => $with({ timeoutMs: 1 })).to.throw(/DETACHED_METHOD: The method \$with/);
    expect(() => $on('a:1')).to.throw(/DETACHED_METHOD: The method \$on/);
    expect(await deposit.call(alice, 7)).to.equal(7);
  });
});
