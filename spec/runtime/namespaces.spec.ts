import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  Actor,
  ActorRuntime,
  ActorState,
  Handler,
  isMoonpoolError,
  Logger,
  memory,
  Observer,
  Persist,
  sqlite,
  type ContainerModule,
} from 'moonpool';
import { ActorDirectory, MembershipStore, StateStorage } from 'moonpool/modules';
import { EnvelopeKind } from '../../lib/messaging/envelope';
import { writeRequest } from '../../lib/messaging/envelope-writer';
import { readEnvelope } from '../../lib/messaging/envelope-reader';
import { ACTOR_MESSAGE } from '../../lib/messaging/sent-messages';
import { JsonSerializer } from '../../lib/serialization/json-serializer';
import { Transport } from '../../lib/transport/transport';

class Savings {
  amount = 0;
}

@Actor({ name: 'Purse' })
class Purse {
  @Persist(Savings) private readonly savings!: ActorState<Savings>;
  @Handler() async put(amount: number): Promise<number> {
    this.savings.value.amount += amount;
    await this.savings.persist();
    return this.savings.value.amount;
  }
}

@Observer({ name: 'Eye' })
class Eye {
  seen = 0;
  @Handler() async see(): Promise<void> {
    this.seen++;
  }
}

const quiet: ContainerModule = {
  name: 'quiet',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};

describe('Applications that share a store', () => {
  let folder: string;
  let opened: ActorRuntime[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moonpool-namespaces-'));
    opened = [];
  });
  afterEach(async () => {
    for (const runtime of opened.reverse()) await runtime.shutdown();
    rmSync(folder, { recursive: true, force: true });
  });
  const keep = (runtime: ActorRuntime): ActorRuntime => {
    opened.push(runtime);
    return runtime;
  };

  it('is looked for in the memory of a process that was given no store, and the error says so', async () => {
    const client = keep(await ActorRuntime.connect({ namespace: 'bank', actors: [Purse], modules: [quiet] }));
    const error = await client
      .actor(Purse, 'a')
      .put(1)
      .catch((thrown: Error) => thrown);
    expect(String(error))
      .to.contain('in its own memory')
      .and.to.contain('none that was given another memory()')
      .and.to.contain('Give `modules` the store that the nodes have');
  });

  it('are named to whoever finds nobody in his own namespace, and to the first node of another', async () => {
    const modules = [sqlite({ file: join(folder, 'x.db') })];
    const told: string[] = [];
    const telling: ContainerModule = {
      name: 'telling',
      load: (bind) =>
        bind(Logger).toValue({
          info: (text, fields) => told.push(`${text} ${JSON.stringify(fields)}`),
          warn: () => undefined,
          error: () => undefined,
        }),
    };
    keep(await ActorRuntime.start({ namespace: 'bank', name: 'n', actors: [Purse], modules: [...modules, quiet] }));
    const client = keep(
      await ActorRuntime.connect({ namespace: 'bnak', actors: [Purse], modules: [...modules, quiet] }),
    );
    const error = await client
      .actor(Purse, 'a')
      .put(1)
      .catch((thrown: Error) => thrown);
    expect(String(error)).to.contain(
      "NO_NODE_AVAILABLE: The cluster 'bnak' has no active node, for bnak/Purse/a; the store has nodes of the namespace 'bank'. Correct `namespace`",
    );
    keep(await ActorRuntime.start({ namespace: 'bnak', name: 'm', actors: [Purse], modules: [...modules, telling] }));
    expect(
      told.filter((line) => line.startsWith('this node is the first of its namespace in a store that has others')),
    ).to.have.length(1);
    expect(told.join('')).to.contain('"others":"bank"');
  });

  const stores: Readonly<Record<string, () => ContainerModule>> = {
    memory,
    'one file': () => sqlite({ file: join(folder, 'x.db') }),
  };
  for (const [kind, store] of Object.entries(stores)) {
    it(`do not see each other's members, actors and states in ${kind}`, async () => {
      const modules = [store(), quiet];
      const open = async (namespace: string) =>
        keep(await ActorRuntime.start({ namespace, name: 'n', actors: [Purse], modules }));
      const [shop, bank] = [await open('shop'), await open('bank')];
      expect(await bank.actor(Purse, 'a').put(5)).to.equal(5);
      expect(await shop.actor(Purse, 'a').put(7)).to.equal(7);
      expect((await shop.service(MembershipStore).read()).members).to.have.length(1);
      expect([
        await bank.actor(Purse, 'a').put(0),
        (await bank.service(ActorDirectory).lookup('shop/Purse/a'))?.address,
      ]).to.deep.equal([5, shop.address]);
    });

    it(`do not reach each other's actors in ${kind} by a path that names the other: the call is refused, and was not executed`, async () => {
      const modules = [store(), quiet];
      const bank = keep(
        await ActorRuntime.start({ namespace: 'bank', name: 'b', actors: [Purse], modules, inProcess: false }),
      );
      await bank.actor(Purse, 'a').put(5);
      const shop = keep(
        await ActorRuntime.start({
          namespace: 'shop',
          name: 's',
          actors: [Purse],
          observers: [Eye],
          modules,
          inProcess: false,
        }),
      );
      const eye = new Eye();
      const { reference } = await shop.observe(eye);
      const guest = keep(
        await ActorRuntime.connect({ namespace: 'shop', actors: [Purse], modules: [...modules], inProcess: false }),
      );
      const observer = reference.$id.path.replace('shop/', 'bank/');
      for (const [target, method, args] of [
        ['bank/Purse/a', 'put', [1_000]],
        ['bank/Purse', 'put', [1_000]],
        [observer, 'see', []],
      ] as const) {
        for (const kindOfMessage of [EnvelopeKind.request, EnvelopeKind.oneWay]) {
          const answer = await ask(guest, shop.address, target, method, [...args], kindOfMessage);
          if (kindOfMessage === EnvelopeKind.oneWay) continue;
          expect(isMoonpoolError(answer, 'FOREIGN_NAMESPACE'), `${target}: ${String(answer)}`).to.equal(true);
          expect(answer).to.have.property('executed', 'no');
        }
      }
      expect(eye.seen).to.equal(0);
      expect(await bank.service(StateStorage).read('bank/Purse/a')).to.include({ epoch: 1, version: 1 });
      expect(await bank.service(StateStorage).read('bank/Purse@s')).to.equal(undefined);
      expect(await bank.service(ActorDirectory).lookup('bank/Purse/a')).to.have.property('address', bank.address);
    });
  }
});

/** Says to the node what no reference of the client would, and returns the error of the answer, if one comes. */
async function ask(
  guest: ActorRuntime,
  address: string,
  target: string,
  method: string,
  args: unknown[],
  kind: typeof EnvelopeKind.request | typeof EnvelopeKind.oneWay,
): Promise<unknown> {
  const { endpoints } = guest.service(Transport);
  const connection = guest.service(Transport).peer(address).connection();
  const serializer = new JsonSerializer();
  const before = endpoints.receiverOf(ACTOR_MESSAGE);
  const answered = new Promise<unknown>((resolve) => {
    endpoints.unregister(ACTOR_MESSAGE);
    endpoints.register(ACTOR_MESSAGE, (payload) => {
      const envelope = readEnvelope(payload, serializer, { read: () => undefined } as never);
      resolve(envelope.kind === EnvelopeKind.error ? envelope.error : envelope);
    });
  });
  const envelope = {
    kind,
    correlation: 7,
    incarnation: 0,
    deadline: 60_000,
    target,
    method,
    chain: [],
    values: undefined,
    isCancellable: false,
    isAnsweredOnArrival: false,
    hops: 0,
    args,
  };
  writeRequest(envelope, serializer, connection.begin(ACTOR_MESSAGE));
  connection.end();
  const answer = await Promise.race([
    answered,
    new Promise((resolve) => setTimeout(resolve, kind === EnvelopeKind.oneWay ? 200 : 5_000)),
  ]);
  endpoints.unregister(ACTOR_MESSAGE);
  if (before !== undefined) endpoints.register(ACTOR_MESSAGE, before);
  return answer;
}
