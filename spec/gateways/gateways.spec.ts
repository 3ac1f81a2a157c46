import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  Actor,
  ActorRuntime,
  gateways,
  Handler,
  MoonpoolError,
  Observer,
  Persist,
  retry,
  sqlite,
  type ActorReference,
  type ActorState,
} from 'moonpool';
import { ActorDirectory, MembershipStore } from 'moonpool/modules';
import { GatewayService } from '../../lib/gateways/gateway-service';
import { StateStorage } from '../../lib/storage/state-storage';
import { failureOf } from '../activation/cluster-fixture';

class Balance {
  amount = 0;
}

@Observer({ name: 'Teller' })
class Teller {
  readonly heard: number[] = [];
  @Handler() async hear(amount: number): Promise<void> {
    this.heard.push(amount);
  }
}

@Actor({ name: 'Account' })
class Account {
  @Persist(Balance) private readonly balance!: ActorState<Balance>;

  @Handler({ idempotent: true }) async add(amount: number): Promise<number> {
    this.balance.value.amount += amount;
    await this.balance.persist();
    return this.balance.value.amount;
  }

  @Handler() async look(): Promise<number> {
    return this.balance.value.amount;
  }

  @Handler({ accepts: Teller }) async tell(teller: ActorReference<Teller>): Promise<void> {
    await teller.hear(this.balance.value.amount);
  }

  @Handler() async refuse(): Promise<void> {
    throw new Error('no');
  }
}

const LEASE = { ttlMs: 1_500 };

describe('A client that asks gateways', () => {
  let folder: string;
  let open: ActorRuntime[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gateways-'));
    open = [];
  });
  afterEach(async () => {
    for (const runtime of open.reverse()) await runtime.shutdown();
    await rm(folder, { recursive: true });
  });

  async function node(name: string, namespace = 'bank', listen = '127.0.0.1:0'): Promise<ActorRuntime> {
    const runtime = await ActorRuntime.start({
      ...{ namespace, name, listen, actors: [Account], observers: [Teller], lease: LEASE },
      modules: [sqlite({ file: join(folder, 'bank.db') })],
      deliveries: { pollMs: 50, retryMinMs: 5, retryMaxMs: 10, maxRefusals: 1 },
      inProcess: false,
    });
    open.push(runtime);
    return runtime;
  }

  const client = (...addresses: readonly string[]) => clientOf(addresses);

  async function clientOf(addresses: readonly string[], reconnectMaxMs = 100): Promise<ActorRuntime> {
    const runtime = await ActorRuntime.connect({
      ...{ namespace: 'bank', actors: [Account], observers: [Teller], lease: LEASE, inProcess: false },
      modules: [gateways({ addresses, attemptMs: 500 })],
      transport: { reconnectMaxMs },
    });
    open.push(runtime);
    return runtime;
  }

  it('calls actors on all nodes, without any store of its own', async () => {
    const [first, second] = [await node('n1'), await node('n2')];
    const calling = await client(first.address);
    const sums = await Promise.all(Array.from({ length: 20 }, (_, key) => calling.actor(Account, `a${key}`).add(key)));
    expect(sums).to.deep.equal(Array.from({ length: 20 }, (_, key) => key));
    const here = first.inspect().activations;
    const there = second.inspect().activations;
    expect([here, there].every((activations) => JSON.stringify(activations).length > 2)).to.equal(true);
  });

  it('finds the actors that are stored', async () => {
    const { address } = await node('n1');
    const calling = await client(address);
    for (const key of ['x', 'y', 'z']) await calling.actor(Account, key).add(1);
    const keys: string[] = [];
    for await (const account of calling.actors(Account, { after: 'x' })) keys.push(account.$id.path);
    expect(keys).to.deep.equal(['bank/Account/y', 'bank/Account/z']);
    expect(await calling.actors(Account).count()).to.equal(3);
  });

  it('delivers messages that must arrive, and decides what becomes of dead letters', async () => {
    const { address } = await node('n1');
    const calling = await client(address);
    await calling.actor(Account, 'y').$deliver.add(2);
    await until(async () => (await calling.actor(Account, 'y').add(0)) === 2);
    await calling.actor(Account, 'y').$deliver.refuse();
    await until(async () => (await lettersOf(calling)).length === 1);
    const [letter] = await lettersOf(calling);
    expect(await calling.deadLetters().resend(letter as string)).to.equal(true);
    await until(async () => (await lettersOf(calling)).length === 1);
    expect(await calling.deadLetters().discard(letter as string)).to.equal(true);
    expect(await lettersOf(calling)).to.deep.equal([]);
  });

  it('is called by actors, as an observer', async () => {
    const { address } = await node('n1');
    const calling = await client(address);
    const teller = new Teller();
    const observation = await calling.observe(teller);
    await calling.actor(Account, 'x').add(7);
    await calling.actor(Account, 'x').tell(observation.reference);
    expect(teller.heard).to.deep.equal([7]);
    await observation.end();
  });

  it('asks another node when its own is gone, though it was given that one alone', async () => {
    const first = await node('n1');
    await node('n2');
    const calling = await client(first.address);
    for (let key = 0; key < 10; key++) await calling.actor(Account, `a${key}`).add(1);
    await first.shutdown();
    for (let key = 0; key < 10; key++)
      expect(await calling.actor(Account, `a${key}`).$with({ timeoutMs: 10_000 }).add(1)).to.equal(2);
    expect(await calling.actors(Account).count()).to.equal(10);
  });

  it('waits for its gateway that starts again, though attempts to reach it have failed for a while', async () => {
    const first = await node('n1');
    const calling = await clientOf([first.address], 30_000);
    const account = calling.actor(Account, 'x');
    await account.add(1);
    await first.shutdown();
    const begun = Date.now();
    // While it is away, whoever has no time is told so, and the waits between attempts grow.
    while (Date.now() - begun < 1_200)
      expect(await failureOf(account.$with({ timeoutMs: 50 }).look())).to.include({ executed: 'no' });
    const asked = account.$with({ timeoutMs: 4_000 }).look();
    await node('n1', 'bank', first.address);
    expect(await asked).to.equal(1);
  });

  it('begins with any of those that it was given', async () => {
    const { address } = await node('n1');
    const gone = ['127.0.0.1:1', '127.0.0.1:2'];
    for (const addresses of [
      [address, ...gone],
      [...gone, address],
    ])
      expect(await (await client(...addresses)).actor(Account, 'x').add(0)).to.equal(0);
  });

  it('is told which gateways it has asked when none answers, and why', async () => {
    const error = await failureOf(client('127.0.0.1:1', '127.0.0.1:2'));
    expect(error).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'no' });
    for (const asked of [
      /No gateway could list the members: 127/,
      /127\.0\.0\.1:1 \(.*REFUSED/,
      /127\.0\.0\.1:2 \(.*REFUSED/,
    ])
      expect(error.message).to.match(asked);
  });

  it('is told so when its gateways are of another cluster', async () => {
    const { address } = await node('n1', 'shop');
    expect((await failureOf(client(address))).message).to.match(
      /^STORAGE_UNAVAILABLE: .*the cluster 'bank' is not that of/,
    );
  });

  it('can neither join, nor register anybody, nor read or write states', async () => {
    const { address } = await node('n1');
    const calling = await client(address);
    const storage = calling.service(StateStorage);
    const refused = [
      storage.claim('bank/Account/x'),
      storage.read('bank/Account/x'),
      storage.commit({ actor: 'bank/Account/x', epoch: 1, version: 0, writeId: 'w' }),
      calling.service(MembershipStore).renew({ name: 'n1', incarnation: 1 }, 0),
      calling.service(ActorDirectory).unregister('bank/Account/x', 'a'),
    ];
    for (const operation of refused)
      expect(await failureOf(operation)).to.include({ code: 'FEATURE_MISSING', executed: 'no' });
  });

  it('is no node: a node that is given gateways is refused', async () => {
    const starting = ActorRuntime.start({
      ...{ namespace: 'bank', name: 'n1', actors: [Account] },
      modules: [gateways({ addresses: ['127.0.0.1:1'] })],
    });
    expect((await failureOf(starting)).message).to.match(
      /^INVALID_MODULE: The module gateways was given to a node, and is for a client\. Leave it out here/,
    );
  });

  it('needs at least one address, each of which is one', () => {
    expect(() => gateways({ addresses: [] })).to.throw('addresses');
    expect(() => gateways({ addresses: ['nowhere'] })).to.throw('"nowhere"');
    expect(() => gateways({ addresses: ['a:1'], attemptMs: 0 })).to.throw('attemptMs');
  });
});

describe('A gateway', () => {
  let folder: string;
  let asked: ActorRuntime;
  let calling: ActorRuntime;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gateways-'));
    const modules = [sqlite({ file: join(folder, 'bank.db') })];
    asked = await ActorRuntime.start({ namespace: 'bank', name: 'n1', actors: [Account], modules });
    calling = await ActorRuntime.connect({
      ...{ namespace: 'bank', actors: [Account], inProcess: false },
      modules: [gateways({ addresses: [asked.address] })],
    });
  });
  after(async () => {
    await calling.shutdown();
    await asked.shutdown();
    await rm(folder, { recursive: true });
  });

  const gateway = () => calling.endpoint(GatewayService, asked.address);
  const message = { id: 'message/1', target: 'bank/Account/x', slot: 1, due: { inMs: 0 }, data: Uint8Array.of(1) };

  it('refuses what no request may be, and goes on', async () => {
    const requests: readonly (() => Promise<unknown>)[] = [
      () => gateway().lookup(7 as never),
      () => gateway().lookup(''),
      () => gateway().count(null as never),
      () => gateway().list(undefined),
      () => gateway().list({ prefix: 'bank/', limit: 0 }),
      () => gateway().list({ prefix: 'bank/', limit: 1e9 }),
      () => gateway().list({ prefix: 'bank/', limit: 1, after: 7 }),
      () => gateway().deliver('all'),
      () => gateway().deliver([{ ...message, data: 'text' }]),
      () => gateway().deliver([{ ...message, slot: -1 }]),
      () => gateway().deliver([{ ...message, due: {} }]),
      () => gateway().deliveries({ limit: 1, onlyDead: 'yes' }),
      () => gateway().settle({ id: 'message/1', version: 1.5 }),
      () => gateway().settle({ id: 'message/1', version: 1, next: { due: 'soon', data: Uint8Array.of() } }),
    ];
    for (const request of requests)
      expect((await failureOf(request())).cause, String(request)).to.include({ code: 'INVALID_OPTION' });
    expect(await gateway().lookup('bank/Account/nobody')).to.equal(null);
  });

  it('speaks of no other application in the same store', async () => {
    const requests: readonly (() => Promise<unknown>)[] = [
      () => gateway().lookup('shop/Account/x'),
      () => gateway().list({ prefix: 'shop/', limit: 1 }),
      () => gateway().list({ prefix: 'ban', limit: 1 }),
      () => gateway().count('shop/'),
      () => gateway().deliver([{ ...message, target: 'shop/Account/x' }]),
      () => gateway().deliver([{ ...message, id: 'reminder/14/shop/Account/x#daily' }]),
      () => gateway().settle({ id: 'named/14/shop/Account/x#order', version: 1 }),
    ];
    for (const request of requests)
      expect((await failureOf(request())).message, String(request)).to.match(/is of another application/);
  });

  it('passes over the deliveries of other applications', async () => {
    const storage = asked.service(StateStorage);
    const foreign = Array.from({ length: 5 }, (_, index) => ({
      ...message,
      ...{ id: `message/a${index}`, target: 'shop/Account/x', due: { inMs: 1e9 } },
    }));
    await storage.deliver([...foreign, { ...message, id: 'message/b', due: { inMs: 1e9 } }]);
    const { deliveries } = await gateway().deliveries({ limit: 2 });
    expect(deliveries.map(({ id }) => id)).to.deep.equal(['message/b']);
  });

  it('serves clients alone', async () => {
    const error = await failureOf(asked.endpoint(GatewayService, asked.address).members());
    expect(error).to.include({ code: 'ENDPOINT_FORBIDDEN' });
  });
});

async function lettersOf(runtime: ActorRuntime): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of runtime.deadLetters()) ids.push(id);
  return ids;
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const look = async (): Promise<void> => {
    if (!(await holds())) throw new MoonpoolError('STORAGE_UNAVAILABLE', { message: 'not yet' });
  };
  await retry(look, { deadlineMs: 10_000 });
}
