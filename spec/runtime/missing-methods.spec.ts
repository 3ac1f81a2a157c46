import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorState,
  Handler,
  inject,
  isMoonpoolError,
  Persist,
  Reminder,
  Timer,
  type MoonpoolError,
} from 'moonpool';
import { describeInterface } from '../../lib/rpc/rpc-descriptor';
import { RpcInterface, RpcMethod } from 'moonpool/rpc';
import { ClusterFixture, eventually, failureOf } from '../activation/cluster-fixture';

const done: string[] = [];

class Notes {
  list: string[] = [];
}

/** Loses its methods one after the other, as by a library that "restores" what it had never changed. */
@Actor({ name: 'Forgetful' })
class Forgetful {
  @Persist(Notes) private readonly notes!: ActorState<Notes>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async lose(method: string, found?: string): Promise<void> {
    Object.defineProperty(this, method, { value: found, configurable: true });
  }
  @Handler() async recover(method: string): Promise<void> {
    Reflect.deleteProperty(this, method);
  }
  @Handler() async greet(): Promise<string> {
    return 'hello';
  }
  @Handler() async remindMe(): Promise<void> {
    await this.context.remind('wake', { delayMs: 5 });
    await this.notes.persist();
  }
  @Reminder('wake') async wake(): Promise<void> {
    done.push('woken');
  }
  @Timer({ everyMs: 5 }) async tick(): Promise<void> {
    done.push('ticked');
  }
}

/** Its constructor gives an object that nobody can look at. */
@Actor({ name: 'Elsewhere' })
class Elsewhere {
  constructor(@inject(ActorContext) _context: ActorContext) {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy as Elsewhere;
  }
  @Handler() async greet(): Promise<string> {
    return 'hello';
  }
}

@RpcInterface({ id: 77 })
class Gate {
  @RpcMethod(1) async open(): Promise<string> {
    return 'open';
  }
}

describe('A declared method that its object has lost', () => {
  let cluster: ClusterFixture;
  beforeEach(() => {
    cluster = new ClusterFixture([Forgetful, Elsewhere]);
    done.length = 0;
  });
  afterEach(() => cluster.shutdown());

  it('fails a call, which must not be told that it was answered, and its actor goes on', async () => {
    const actor = (await cluster.node('n1')).actor(Forgetful, 'f');
    await actor.lose('greet');
    const failure = (await failureOf(actor.greet())) as MoonpoolError;
    expect(failure.message).to.match(
      /HANDLER_FAILED: The handler greet of spec\/Forgetful\/f failed with METHOD_MISSING: the class declares the method greet, but its object has none: undefined was found there/,
    );
    expect(isMoonpoolError(failure.cause, 'METHOD_MISSING')).to.equal(true);
    await actor.recover('greet');
    await actor.lose('greet', 'hello');
    expect(((await failureOf(actor.greet())) as MoonpoolError).message).to.contain('"hello" was found there');
    await actor.recover('greet');
    expect(await actor.greet()).to.equal('hello');
  });

  it('refuses its reminder, which is not done with that, and is told of its ticks', async () => {
    const node = await cluster.node('n1', { deliveries: { pollMs: 20, retryMinMs: 10, retryMaxMs: 20 } });
    const actor = node.actor(Forgetful, 'f');
    await actor.lose('wake');
    await actor.lose('tick');
    done.length = 0;
    await actor.remindMe();
    const reasons = () => cluster.lines.map(({ fields }) => String(fields['why']));
    for (const method of ['tick', 'wake'])
      await eventually(() => reasons().some((why) => why.includes(`the class declares the method ${method}, but`)));
    expect(done).to.deep.equal([]);
    await actor.recover('wake');
    for await (const { id } of node.deadLetters()) await node.deadLetters().resend(id);
    await eventually(() => done.includes('woken'));
  });

  it('fails a request to a fixed endpoint', () => {
    const [method] = describeInterface(Gate).methods;
    expect(() => method?.invoke({ open: 5 }, undefined)).to.throw(/METHOD_MISSING: .*method open.*: 5 was found there/);
  });

  it('is told of the constructor, when it gives an object that cannot be looked at', async () => {
    const node = await cluster.node('n1');
    const failure = (await failureOf(node.actor(Elsewhere, 'e').greet())) as MoonpoolError;
    expect(failure.message).to.match(/ACTIVATION_FAILED: .*: its constructor failed with/);
  });
});
