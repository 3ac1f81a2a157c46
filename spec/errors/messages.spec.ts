import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorRuntime,
  ActorState,
  Handler,
  inject,
  isMoonpoolError,
  Logger,
  Persist,
  token,
  type CallFilter,
  type ErrorCode,
  type Executed,
} from 'moonpool';
import { LEASE_RAN_OUT, type Fencing } from '../../lib/cluster/fencing';
import { Membership } from '../../lib/cluster/membership';
import { ClusterFixture, eventually, failureOf, Gates } from '../activation/cluster-fixture';

let gates = new Gates();

class Ledger {
  entries: unknown[] = [];
}

@Actor({ name: 'A', mailboxCapacity: 1 })
class Echo {
  @Persist(Ledger) readonly ledger!: ActorState<Ledger>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async echo(value: unknown, ..._more: unknown[]): Promise<unknown> {
    return value;
  }
  @Handler() async make(): Promise<unknown> {
    return { list: [1, Symbol('s')] };
  }
  @Handler() async wait(name: string): Promise<void> {
    await gates.wait(name);
  }
  @Handler() async delegate(): Promise<void> {
    await this.context.actor(Echo, 'other').wait('other');
  }
  @Handler() async keep(value: unknown): Promise<void> {
    this.ledger.value.entries.push(() => value);
    await this.ledger.persist();
  }
  @Handler() async say(value: unknown): Promise<void> {
    this.context.requestContext.set('note', value);
  }
}

@Actor({ name: 'D', mailboxCapacity: 1, overflow: 'drop-oldest' })
class Dropping {
  @Handler() async wait(name: string): Promise<void> {
    await gates.wait(name);
  }
}

@Actor({ name: 'B' })
class Broken {
  async onActivate(): Promise<void> {
    throw new RangeError('closed');
  }
  @Handler() async echo(): Promise<void> {}
}

@Actor({ name: 'U' })
class Unbuilt {
  constructor() {
    throw new TypeError('no plan');
  }
  @Handler() async echo(): Promise<void> {}
}

@Actor({ name: 'C' })
class Elsewhere {
  @Handler() async echo(): Promise<void> {}
}

@Actor({ name: 'S', static: true })
class Everywhere {
  @Handler() async echo(): Promise<void> {}
}

interface Expected {
  readonly code: ErrorCode;
  readonly says: string;
  readonly advises: string;
  readonly executed?: Executed;
}

function circle(): unknown {
  const value: { next: { back?: unknown } } = { next: {} };
  value.next.back = value;
  return value;
}

function deep(levels: number): unknown {
  return levels === 0 ? [] : [deep(levels - 1)];
}

describe('An error says what happened to whom, and what to do', () => {
  let cluster: ClusterFixture;
  let node: ActorRuntime;
  let client: ActorRuntime;
  const seen: string[] = [];
  const see: CallFilter = (_call, next) =>
    next().catch((error: Error) => {
      seen.push(error.message);
      throw error;
    });
  beforeEach(async () => {
    gates = new Gates();
    cluster = new ClusterFixture([Echo, Dropping, Broken, Unbuilt, Everywhere]);
    node = await cluster.node('n1', { activation: { failureHoldMs: 0 }, outgoing: [see] });
    client = await cluster.client({ actors: [Echo, Dropping, Broken, Unbuilt, Elsewhere, Everywhere] });
  });
  afterEach(async () => {
    gates.openAll();
    await cluster.shutdown();
  });

  async function expectError(
    promise: Promise<unknown>,
    { code, says, advises, executed = 'no' }: Expected,
  ): Promise<void> {
    const error = await failureOf(promise);
    if (!isMoonpoolError(error)) throw error;
    expect(error.message).to.equal(`${code}: ${says}${says.endsWith('?') ? '' : '.'} ${advises}`);
    expect(error.executed).to.equal(executed);
  }

  const SEND = 'Send plain data, Date, Map, Set, bigint, typed arrays or payload classes; never functions or symbols.';
  const FLATTER =
    'Send a tree that is less deep: name what comes again by an id instead of holding it, and put long chains into a list.';
  const uncarried: readonly (readonly [what: string, args: readonly unknown[], says: string])[] = [
    ['a function', [() => 1], 'Argument 1 of the call echo of spec/A/a is a function'],
    [
      'a function in a list',
      [1, { list: [() => 1] }],
      'Argument 2 of the call echo of spec/A/a holds a function at list[0]',
    ],
    [
      'a symbol under a name that is no identifier',
      [{ 'a b': { c: Symbol('s') } }],
      'Argument 1 of the call echo of spec/A/a holds a symbol at ["a b"].c',
    ],
    [
      'a promise in a map',
      [new Map([['k', Promise.resolve(1)]])],
      'Argument 1 of the call echo of spec/A/a holds a promise (was an await forgotten?) at get("k")',
    ],
    [
      'a function in a set',
      [{ all: new Set([1, () => 1]) }],
      'Argument 1 of the call echo of spec/A/a holds a function at all.values()[1]',
    ],
    ['a circle', [circle()], 'Argument 1 of the call echo of spec/A/a refers to itself at next.back'],
    ['what is too deep', [deep(40)], 'Argument 1 of the call echo of spec/A/a holds objects nested deeper than 32'],
    [
      'a key that may not be',
      [{ in: JSON.parse('{"__proto__": 1}') as object }],
      'Argument 1 of the call echo of spec/A/a holds an object with the key __proto__, which only a Map may have at in',
    ],
    [
      'too many arguments',
      Array.from({ length: 100_001 }, () => 1),
      'The list of arguments of the call echo of spec/A/a holds an array of 100001 items; the limit is 100000',
    ],
  ];
  for (const [what, args, says] of uncarried) {
    it(`when ${what} is sent`, async () => {
      const send = (echo: Echo) => (echo.echo as (...args: unknown[]) => Promise<unknown>)(...args);
      for (const runtime of [node, client])
        await expectError(send(runtime.actor(Echo, 'a') as unknown as Echo), {
          code: 'UNSERIALIZABLE_VALUE',
          says,
          advises: what === 'a circle' || what === 'what is too deep' ? FLATTER : SEND,
        });
    });
  }

  it('when an answer cannot travel', async () => {
    const says = 'The answer to the call make of spec/A/a holds a symbol at list[1]';
    for (const runtime of [node, client])
      await expectError(runtime.actor(Echo, 'a').make(), {
        code: 'UNSERIALIZABLE_VALUE',
        says,
        advises: SEND,
        executed: 'yes',
      });
  });

  it('when a state cannot be stored', async () => {
    const says = "The state 'ledger' of spec/A/a holds a function at entries[0]";
    await expectError(client.actor(Echo, 'a').keep(1), {
      code: 'UNSERIALIZABLE_VALUE',
      says,
      advises: SEND,
      executed: 'yes',
    });
  });

  it('when the request context cannot travel', async () => {
    const context = { trace: { of: () => 1 } };
    await expectError(client.actor(Echo, 'a').$with({ context }).echo(1), {
      code: 'UNSERIALIZABLE_VALUE',
      says: 'The request context holds a function at trace.of',
      advises: SEND,
    });
  });

  it('when a bigint has more digits than the serializer writes', async () => {
    const says = 'Argument 1 of the call echo of spec/A/a holds a bigint of 5000 digits; the limit is 4096 at sum';
    for (const caller of [client, node])
      await expectError(caller.actor(Echo, 'a').echo({ sum: -(10n ** 4_999n) }), {
        code: 'UNSERIALIZABLE_VALUE',
        says,
        advises: SEND,
      });
  });

  it('when a call is larger than a packet', async () => {
    const small = await cluster.client({ name: 'small', transport: { maxPacketBytes: 20_000 } });
    const error = await failureOf(small.actor(Echo, 'a').echo('x'.repeat(30_000)));
    expect(error.message).to.match(
      /^PACKET_TOO_LARGE: The call echo of spec\/A\/a was not sent: a packet of at least 30\d\d\d bytes is too large: the limit is 20000\. Send less at once, or raise `transport.maxPacketBytes` on all nodes\.$/,
    );
  });

  it('when a call waits too long in the mailbox, or is in hand too long', async () => {
    const actor = node.actor(Echo, 'a');
    const first = actor.wait('first');
    await gates.reached('first');
    await expectError(actor.$with({ timeoutMs: 20 }).wait('second'), {
      code: 'CALL_TIMEOUT',
      says: 'The call wait of spec/A/a was not started within 20 ms',
      advises: 'It never will be, so it may be repeated; or give it more time with $with({ timeoutMs }).',
    });
    await gates.open('first');
    await first;
    // What is left of the time of a call that is repeated is no whole number.
    await expectError(actor.$with({ timeoutMs: 29.25 }).wait('third'), {
      code: 'CALL_TIMEOUT',
      says: 'The call wait of spec/A/a got no answer within 30 ms',
      advises:
        'It may have been executed: repeat it only if that is safe; or give it more time with $with({ timeoutMs }).',
      executed: 'maybe',
    });
  });

  it('when the time that a call has is that of the turn that makes it', async () => {
    seen.length = 0;
    void failureOf(node.actor(Echo, 'b').$with({ timeoutMs: 30 }).delegate());
    await eventually(() => seen.some((message) => message.includes('of spec/A/other')));
    expect(seen.find((message) => message.includes('of spec/A/other'))).to.equal(
      'CALL_TIMEOUT: The call wait of spec/A/other got no answer before the deadline of the turn of spec/A/b that made it. ' +
        'It may have been executed: repeat it only if that is safe; or give the first call of the chain more time with $with({ timeoutMs }).',
    );
  });

  it('when a mailbox is full', async () => {
    const full = client.actor(Echo, 'a');
    const waiting = [full.wait('x')];
    await gates.reached('x');
    waiting.push(full.wait('y'));
    await expectError(full.wait('z'), {
      code: 'MAILBOX_FULL',
      says: 'The call wait of spec/A/a found the mailbox full: it holds 1',
      advises: 'Slow down, or raise `mailboxCapacity` in @Actor, or `activation.mailboxCapacity` for all actors.',
    });
    gates.openAll();
    await Promise.all(waiting);
  });

  it('when a newer call takes the place of one that waits', async () => {
    const dropping = client.actor(Dropping, 'd');
    const first = dropping.wait('first');
    await gates.reached('first');
    const dropped = expectError(dropping.wait('second'), {
      code: 'MAILBOX_FULL',
      says: 'The call wait of spec/D/d was dropped for a newer one: the mailbox holds 1',
      advises: 'Slow down, or raise `mailboxCapacity` in @Actor, or `activation.mailboxCapacity` for all actors.',
    });
    const third = dropping.wait('third');
    await dropped;
    gates.openAll();
    await Promise.all([first, third]);
  });

  it('when an actor cannot be activated', async () => {
    const advises =
      'Remove what the cause names; the next call tries again, after a hold of at most `activation.failureHoldMs`.';
    await expectError(client.actor(Broken, 'b').echo(), {
      code: 'ACTIVATION_FAILED',
      says: "The actor spec/B/b could not be activated: its onActivate failed with 'closed'",
      advises,
    });
    await expectError(client.actor(Unbuilt, 'u').echo(), {
      code: 'ACTIVATION_FAILED',
      says: "The actor spec/U/u could not be activated: its constructor failed with 'no plan'",
      advises,
    });
  });

  it('when nobody hosts the actor', async () => {
    const { message } = await failureOf(client.actor(Elsewhere, 'c').echo());
    expect(message).to.contain('NO_NODE_AVAILABLE: The only active node does not host the actor type C, for spec/C/c.');
    await cluster.node('n2');
    await client.actor(Echo, 'a').echo(1);
    await expectError(client.actor(Elsewhere, 'c').echo(), {
      code: 'NO_NODE_AVAILABLE',
      says: 'None of the 2 active nodes hosts the actor type C, for spec/C/c',
      advises: 'Start a node that lists the actor class, or retry when one has joined.',
    });
  });

  it('when a client calls a static actor and says of no node', async () => {
    await expectError(client.actor(Everywhere).echo(), {
      code: 'INVALID_OPTION',
      says: 'The call echo of spec/S was not sent: it is a static actor, of which each node has one, and this process is a client, which hosts none',
      advises: 'Say which node is meant with $on(address).',
    });
    expect(
      await failureOf(
        client
          .actor(Everywhere)
          .$on(node.address)
          .echo()
          .then(() => Promise.reject(new Error('answered'))),
      ),
    ).to.have.property('message', 'answered');
  });

  it('when the runtime has ended, and why', async () => {
    const actor = client.actor(Echo, 'a');
    await client.shutdown();
    await expectError(actor.echo(1), {
      code: 'RUNTIME_NOT_READY',
      says: 'The call echo of spec/A/a was refused: the runtime was shut down',
      advises: 'Call after ActorRuntime.start has resolved and before shutdown.',
    });
    const own = node.actor(Echo, 'a');
    (node.service(Membership) as unknown as { fence(fencing: Fencing): void }).fence(LEASE_RAN_OUT);
    await expectError(own.echo(1), {
      code: 'RUNTIME_NOT_READY',
      says: 'The call echo of spec/A/a was refused: its lease was not renewed in time',
      advises:
        'This node lost its place in the cluster: start it again, in a process of its own or with ActorRuntime.start. Look for what kept it from its store, or made it stand still.',
    });
    await node.terminated;
  });

  it('when a key cannot be one, a class is not known, or a service is not bound', () => {
    const of = (act: () => unknown): string => {
      try {
        act();
      } catch (error) {
        return (error as Error).message;
      }
      return 'nothing';
    };
    expect(of(() => client.actor(Echo, [] as never))).to.equal(
      'INVALID_ACTOR_ID: An actor key is an empty list. Give a string, a finite number, a bigint, or a list that is not empty of those and booleans.',
    );
    @Actor({ name: 'Ecko' })
    class Ecko {
      @Handler() async echo(): Promise<void> {}
    }
    expect(of(() => client.actor(Ecko, 'a'))).to.equal(
      "UNKNOWN_ACTOR: The class Ecko is not among the actors of this runtime; did you mean 'Echo'? Add the class to `actors` where the runtime is started or connected.",
    );
    expect(of(() => client.actor('Echo' as never, 'a'))).to.equal(
      'UNKNOWN_ACTOR: "Echo" was given where the class of an actor is wanted. Give the class itself, as in `actor(Account, key)`, and not its name.',
    );
    expect(of(() => node.actors(undefined as never))).to.match(
      /^UNKNOWN_ACTOR: undefined was given where the class of an actor is wanted\. .* files that import each other in a circle\.$/,
    );
    expect(of(() => node.service('Missing' as never))).to.match(/^MISSING_BINDING: runtime\.service\("Missing"\)/);
    const Missing = token<object>('Missing');
    expect(of(() => node.service(Missing))).to.match(
      /^MISSING_BINDING: runtime\.service\(Missing\) of n1#\d+ found no binding\. Give `modules` a container module that binds it, or correct the token\.$/,
    );
    expect(node.service(Logger)).to.be.an('object');
  });
});
