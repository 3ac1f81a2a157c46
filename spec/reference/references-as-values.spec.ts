import { inspect } from 'node:util';
import { expect } from 'chai';
import { Type } from 'class-transformer';
import { Allow, IsString, ValidateNested } from 'class-validator';
import {
  Actor,
  ActorContext,
  ActorRuntime,
  ActorState,
  Handler,
  inject,
  Logger,
  memory,
  MoonpoolError,
  Persist,
  Reentrant,
  type ActorReference,
  type ContainerModule,
  type StartOptions,
  unchecked,
} from 'moonpool';
import { ByteWriter, fromTagged, JsonSerializer, Serializer, toTagged, type ReferenceReader } from 'moonpool/modules';
import { msgpack } from 'moonpool/msgpack';

class Friends {
  friends: ActorReference<Person>[] = [];
}
class Kept {
  door: ActorReference<Door> | undefined;
}
class Invitation {
  @IsString() text!: string;
  @Allow() host!: ActorReference<Person>;
}
class Party {
  @ValidateNested() @Type(() => Invitation) invitation!: Invitation;
}
class Listed extends Error {
  constructor(readonly who: ActorReference<Person>) {
    super('listed');
  }
}

/** A class that only some processes know. */
@Actor({ name: 'Secret' })
class Secret {
  @Handler() async hello(): Promise<string> {
    return 'secret';
  }
}

@Reentrant('call-chain')
@Actor({ name: 'Person' })
class Person {
  @Persist(Friends) private readonly state!: ActorState<Friends>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async name(): Promise<string> {
    return `${this.context.key}@${this.context.node.name}`;
  }
  @Handler() async chainOf(): Promise<readonly unknown[]> {
    return [this.context.requestContext.get('asked')];
  }
  @Handler() async greet(other: ActorReference<Person>): Promise<string> {
    this.context.requestContext.set('asked', this.context.key);
    return `${await other.name()} ${String(await other.chainOf())}`;
  }
  @Handler({ accepts: unchecked }) async greetAll(
    others: Map<string, { person: ActorReference<Person> }[]>,
  ): Promise<string[]> {
    return Promise.all([...others.values()].flat().map(({ person }) => person.name()));
  }
  @Handler() async me(): Promise<ActorReference<Person>> {
    return this.context.actor(Person, this.context.key);
  }
  @Handler() async nodeItself(): Promise<ActorReference<Person>> {
    return this.context.actor(PersonOfNode);
  }
  @Handler() async meet(person: ActorReference<Person>): Promise<void> {
    this.state.value.friends.push(person);
    await this.state.persist();
  }
  @Handler() async friends(): Promise<string[]> {
    return Promise.all(this.state.value.friends.map((friend) => friend.name()));
  }
  @Handler() async leave(): Promise<void> {
    this.context.deactivateOnIdle();
  }
  @Handler() async come(invitation: Invitation): Promise<string> {
    return `${invitation.text}, ${await invitation.host.name()}`;
  }
  @Handler() async comeAll(party: Party): Promise<string> {
    return `${party.invitation.text}, ${await party.invitation.host.name()}`;
  }
  @Handler() async askContext(): Promise<string> {
    const host = this.context.requestContext.get('host') as ActorReference<Person>;
    return `${await host.name()} ${host.$id.path}`;
  }
  @Handler() async passContext(other: ActorReference<Person>): Promise<string> {
    return other.askContext();
  }
  @Handler() async failWith(who: ActorReference<Person>): Promise<void> {
    throw new Listed(who);
  }
  @Handler() async remaining(): Promise<boolean> {
    return !this.context.signal.aborted;
  }
  @Handler() async waitBehind(other: ActorReference<Person>): Promise<string> {
    return other.sleep();
  }
  @Handler() async sleep(): Promise<string> {
    // Longer than its deadline, which comes here a little before the caller's: by the time that the call may have been on its way.
    await new Promise((resolve) =>
      this.context.signal.addEventListener('abort', () => setTimeout(resolve, 20), { once: true }),
    );
    return 'woken';
  }
  @Handler({ share: true }) async shared(
    other: ActorReference<Person>,
    list: readonly ActorReference<Person>[],
  ): Promise<string[]> {
    return Promise.all([other, ...list].map((person) => person.name()));
  }
  @Handler() async give(_value: unknown): Promise<void> {}
  @Handler() async secret(): Promise<unknown> {
    return this.context.actor(Secret, 's');
  }
}

@Actor({ name: 'Door' })
class Door {
  @Persist(Kept) private readonly kept!: ActorState<Kept>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async enter(next: ActorReference<Door>): Promise<string> {
    return next.enter(this.context.actor(Door, this.context.key));
  }
  @Handler() async open(): Promise<string> {
    return 'open';
  }
  @Handler() async mirror(door: ActorReference<Door>): Promise<ActorReference<Door>> {
    return door;
  }
  @Handler() async openByAnswerOf(other: ActorReference<Door>): Promise<string> {
    const self = await other.mirror(this.context.actor(Door, this.context.key));
    return self.open();
  }
  @Handler() async openByContext(): Promise<string> {
    return (this.context.requestContext.get('door') as ActorReference<Door>).open();
  }
  @Handler() async openByContextValues(): Promise<string> {
    return (this.context.requestContext.values['nested'] as { door: ActorReference<Door> }).door.open();
  }
  @Handler() async keep(door: ActorReference<Door>): Promise<void> {
    this.kept.value.door = door;
    await this.kept.persist();
    this.context.deactivateOnIdle();
  }
  @Handler() async openByState(): Promise<string> {
    return this.kept.value.door?.open() ?? 'nothing was kept';
  }
}

const silent: ContainerModule = {
  name: 'silent',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};

async function failureOf(promise: Promise<unknown>): Promise<MoonpoolError> {
  try {
    await promise;
  } catch (error) {
    return error as MoonpoolError;
  }
  throw new Error('it did not fail');
}

/** A serializer of a user's own, which is JSON in disguise. */
/** One on each node, without a key. */
@Actor({ name: 'PersonOfNode', static: true })
class PersonOfNode extends Person {}

@Actor({ name: 'DoorOfNode', static: true })
class DoorOfNode extends Door {}

class OwnSerializer implements Serializer {
  readonly contentType = 'text/own';
  write(value: unknown, into: ByteWriter): void {
    into.text(`own ${JSON.stringify(toTagged(value))}`);
  }
  read(bytes: Uint8Array, references?: ReferenceReader): unknown {
    return fromTagged(JSON.parse(Buffer.from(bytes).toString().slice(4)), references);
  }
}

describe('References as values', () => {
  let runtimes: ActorRuntime[] = [];
  let store: ContainerModule;
  const actors = [Person, Door, PersonOfNode, DoorOfNode];
  const start = async (name: string, options: Partial<StartOptions> = {}): Promise<ActorRuntime> => {
    const runtime = await ActorRuntime.start({ namespace: 'spec', name, actors, modules: [store, silent], ...options });
    runtimes.push(runtime);
    return runtime;
  };
  const connect = async (options: Partial<StartOptions> = {}): Promise<ActorRuntime> => {
    const runtime = await ActorRuntime.connect({ namespace: 'spec', actors, modules: [store, silent], ...options });
    runtimes.push(runtime);
    return runtime;
  };
  beforeEach(() => {
    store = memory();
  });
  afterEach(async () => {
    for (const runtime of runtimes.reverse()) await runtime.shutdown();
    runtimes = [];
  });

  /** A caller and a way to say on which node an actor is. */
  const worlds: Record<string, () => Promise<ActorRuntime>> = {
    'within one node': () => start('a'),
    'between nodes of one process': async () => {
      await start('a');
      return connect();
    },
    'over connections': async () => {
      await start('a', { inProcess: false });
      await start('b', { inProcess: false });
      return connect({ inProcess: false });
    },
    'over connections, with a serializer of the user': async () => {
      const own: ContainerModule = {
        name: 'own',
        load: (bind) => bind(Serializer).toFactory([], () => new OwnSerializer()),
      };
      await start('a', { inProcess: false, modules: [store, silent, own] });
      return connect({ inProcess: false, modules: [store, silent, own] });
    },
  };

  worlds['over connections, as MessagePack'] = async () => {
    await start('a', { inProcess: false, modules: [store, silent, msgpack()] });
    return connect({ inProcess: false, modules: [store, silent, msgpack()] });
  };

  for (const [where, enter] of Object.entries(worlds)) {
    describe(where, () => {
      let caller: ActorRuntime;
      beforeEach(async () => {
        caller = await enter();
      });
      const person = (key: string) => caller.actor(Person, key);

      it('are arguments, and parts of arguments, through which the receiver calls', async () => {
        expect(await person('anna').greet(person('bert'))).to.match(/^bert@[ab] anna$/);
        const all = new Map([['x', [{ person: person('bert') }, { person: person('cleo') }]]]);
        expect((await person('anna').greetAll(all)).map((name) => name.slice(0, 4))).to.deep.equal(['bert', 'cleo']);
      });

      it('are results', async () => {
        const anna = await person('anna').me();
        expect(anna.$id.path).to.equal('spec/Person/anna');
        expect(await anna.$with({ timeoutMs: 5_000 }).name()).to.match(/^anna@/);
      });

      it('are fields of payload classes, nested ones too', async () => {
        const host = person('bert');
        expect(await person('anna').come({ text: 'welcome', host })).to.match(/^welcome, bert@/);
        expect(await person('anna').comeAll({ invitation: { text: 'welcome', host } })).to.match(/^welcome, bert@/);
      });

      it('are in the state of actors, which have them when they are active again', async () => {
        const anna = person('anna');
        await anna.meet(person('bert'));
        await anna.leave();
        expect(await anna.friends()).to.satisfy(([bert]: string[]) => bert?.startsWith('bert@'));
        await anna.meet(person('cleo'));
        expect((await anna.friends()).map((name) => name.slice(0, 4))).to.deep.equal(['bert', 'cleo']);
      });

      it('are in the request context, for everybody down the chain', async () => {
        const asking = person('anna').$with({ context: { host: person('bert') } });
        expect(await asking.askContext()).to.match(/^bert@[ab] spec\/Person\/bert$/);
        expect(await asking.passContext(person('cleo'))).to.match(/^bert@[ab] spec\/Person\/bert$/);
      });

      it('are fields of errors', async () => {
        const error = (await failureOf(person('anna').failWith(person('bert')))) as unknown as Listed;
        expect(await error.who.name()).to.match(/^bert@/);
      });

      it('call as the turn that uses them: with its deadline', async () => {
        const error = await failureOf(person('anna').$with({ timeoutMs: 50 }).waitBehind(person('bert')));
        // Caller and turn have one deadline: either may be the first to tell.
        expect(error.code === 'HANDLER_FAILED' ? error.cause : error).to.include({ code: 'CALL_TIMEOUT' });
      });

      it('call as the turn that uses them: with its chain, so that a circle is found', async () => {
        const error = await failureOf(caller.actor(Door, 'front').enter(caller.actor(Door, 'back')));
        const codes = [error, error.cause, (error.cause as Error | undefined)?.cause].map(
          (each) => (each as MoonpoolError | undefined)?.code,
        );
        expect(codes).to.include('CALL_DEADLOCK');
      });

      for (const [how, open] of Object.entries<(door: ActorReference<Door>) => Promise<string>>({
        'an answer': (door) => door.openByAnswerOf(caller.actor(Door, 'other')),
        'the request context': (door) => door.$with({ context: { door } }).openByContext(),
        'the values of the request context': (door) =>
          door.$with({ context: { nested: { door } } }).openByContextValues(),
        'the state': async (door) => {
          await door.keep(door);
          return door.openByState();
        },
      })) {
        it(`call as the turn that uses them, where they come from ${how}`, async () => {
          const error = await failureOf(open(caller.actor(Door, how).$with({ timeoutMs: 1_000 })));
          expect(error.cause).to.include({ code: 'CALL_DEADLOCK' });
        });
      }

      it('of a static actor keep their node', async () => {
        const onNode = await person('anna').nodeItself();
        expect(onNode.$id.hasKey).to.equal(false);
        expect(await onNode.name()).to.equal(`@${(await person('anna').name()).slice(5)}`);
      });

      it('are shared with those that share values', async () => {
        const names = await person('anna').shared(person('bert'), [person('cleo')]);
        expect(names.map((name) => name.slice(0, 4))).to.deep.equal(['bert', 'cleo']);
      });

      it('are no payloads themselves, and their one-way counterparts are no values', async () => {
        const wrong = person('bert') as unknown as Invitation;
        const error = await failureOf(person('anna').come(wrong));
        expect(error).to.include({ code: 'INVALID_PAYLOAD', executed: 'no' });
        expect(error.message).to.contain('a reference to spec/Person/bert was found');
        for (const value of [person('bert').$send, { inside: person('bert').$trySend }]) {
          expect(await failureOf(person('anna').give(value))).to.include({
            code: 'UNSERIALIZABLE_VALUE',
            executed: 'no',
          });
        }
      });
    });
  }

  for (const inProcess of [true, false]) {
    describe(`to actors that the other process does not know, ${inProcess ? 'within a process' : 'over connections'}`, () => {
      it('are refused where they arrive, and the caller learns that nothing was executed', async () => {
        await start('a', { inProcess });
        const client = await connect({ inProcess, actors: [Person, Door, Secret, PersonOfNode, DoorOfNode] });
        const error = await failureOf(client.actor(Person, 'anna').give([client.actor(Secret, 's')]));
        expect(error).to.include({ code: 'UNKNOWN_REFERENCE', executed: 'no' });
        expect(error.message).to.contain('spec/Secret/s');
      });

      it('are refused in answers, and the caller learns that the call was executed', async () => {
        await start('a', { inProcess, actors: [Person, Door, Secret, PersonOfNode, DoorOfNode] });
        const client = await connect({ inProcess });
        const error = await failureOf(client.actor(Person, 'anna').secret());
        expect(error).to.include({ code: 'UNKNOWN_REFERENCE', executed: 'yes' });
        expect(error.message).to.contain('spec/Secret/s');
      });
    });
  }

  it('call as the turn that uses them, where they come from an answer of another node', async () => {
    const nodes = [await start('a', { inProcess: false }), await start('b', { inProcess: false })];
    for (const node of nodes) {
      const other = node.actor(DoorOfNode).$on(node.address);
      const error = await failureOf(
        (nodes[0] as ActorRuntime).actor(Door, 'front').$with({ timeoutMs: 1_000 }).openByAnswerOf(other),
      );
      expect(error.cause, node.address).to.include({ code: 'CALL_DEADLOCK' });
    }
  });

  it('of static actors cannot leave a client that has not said which node it means', async () => {
    const [node, client] = [await start('a'), await connect()];
    const error = await failureOf(client.actor(Person, 'anna').give(client.actor(PersonOfNode)));
    expect(error).to.include({ code: 'UNSERIALIZABLE_VALUE', executed: 'no' });
    expect(await client.actor(Person, 'anna').greet(client.actor(PersonOfNode).$on(node.address))).to.match(/^@a/);
  });

  it('are printed as whom they mean', async () => {
    const node = await start('a');
    const anna = node.actor(Person, 'anna');
    expect([String(anna), inspect(anna), JSON.stringify(anna)]).to.deep.equal([
      'ActorReference(spec/Person/anna)',
      'ActorReference(spec/Person/anna)',
      '"ActorReference(spec/Person/anna)"',
    ]);
    expect(String(node.actor(PersonOfNode).$on('127.0.0.1:1'))).to.equal(
      'ActorReference(spec/PersonOfNode@127.0.0.1:1)',
    );
  });

  it('are never read from bytes where there can be none, nor from bytes that name no actor', () => {
    const read = (text: string, references?: ReferenceReader) => () =>
      new JsonSerializer().read(Buffer.from(text), references);
    const none: ReferenceReader = {
      read: () => {
        throw new Error('nobody should be made');
      },
    };
    expect(read('{"$":"actor","value":"spec/Person/anna"}')).to.throw('MALFORMED_PAYLOAD');
    for (const text of [
      '{"$":"actor","value":"spec"}',
      '{"$":"actor","value":5}',
      '{"$":"actor","value":"spec/Person"}',
      '{"$":"actor","value":"spec/Person/anna","at":"x"}',
      '{"$":"actor","value":"spec/Person","at":5}',
    ]) {
      expect(read(text, none), text).to.throw('MALFORMED_PAYLOAD');
    }
  });
});
