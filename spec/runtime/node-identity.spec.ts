import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  ActorRuntime,
  Handler,
  inject,
  Logger,
  memory,
  Observer,
  sqlite,
  type ActorReference,
  type ContainerModule,
  type StartOptions,
} from 'moonpool';
import { MembershipStore } from 'moonpool/modules';
import { FlowTransport } from 'moonpool/rpc';

@Observer({ name: 'Ear' })
class Ear {
  heard = 0;
  @Handler() async hear(): Promise<void> {
    this.heard++;
  }
}

@Actor({ name: 'Bell' })
class Bell {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async ring(ear: ActorReference<Ear>): Promise<string> {
    await ear.hear();
    return this.context.node.name;
  }
  @Handler() async wait(): Promise<void> {
    await new Promise(() => undefined);
  }
}

const logged: string[] = [];
const log: ContainerModule = {
  name: 'log',
  load: (bind) =>
    bind(Logger).toValue({
      info: (message, fields) => void logged.push(`${message} ${JSON.stringify(fields)}`),
      warn: (message) => void logged.push(message),
      error: (message) => void logged.push(message),
    }),
};

describe('Who a node is', () => {
  let folder: string;
  let nodes: ActorRuntime[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moonpool-identity-'));
    nodes = [];
    logged.splice(0);
  });
  afterEach(async () => {
    await Promise.all(nodes.map((node) => node.shutdown()));
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(options: Partial<StartOptions> = {}): Promise<ActorRuntime> {
    const { modules = [memory()], ...more } = options;
    const node = await ActorRuntime.start({
      namespace: 'identity',
      actors: [Bell],
      observers: [Ear],
      lease: { ttlMs: 3_000 },
      ...more,
      modules: [...modules, log],
    });
    nodes.push(node);
    return node;
  }

  const ways: Readonly<Record<string, () => Partial<StartOptions>>> = {
    'nothing said': () => ({}),
    'a free port': () => ({ listen: '127.0.0.1:0' }),
    'a host name and a free port': () => ({ listen: 'localhost:0' }),
    'Unix sockets': () => ({ listen: `unix:${join(folder, `${nodes.length}.sock`)}` }),
    'every address, advertised as one': () => ({
      listen: '0.0.0.0:0',
      advertise: '127.0.0.1',
      security: { insecure: true },
    }),
    'every address of IPv6, advertised as one': () => ({
      listen: '[::]:0',
      advertise: '::1',
      security: { insecure: true },
    }),
  };
  for (const [way, options] of Object.entries(ways)) {
    for (const inProcess of [true, false]) {
      it(`with ${way}, inProcess ${inProcess}: two nodes on one file have two names, both live, and observers of both are reached from both`, async () => {
        const store = sqlite({ file: join(folder, 'x.db') });
        const [one, two] = [
          await start({ ...options(), inProcess, modules: [store] }),
          await start({ ...options(), inProcess, modules: [store] }),
        ];
        expect(one.node.name).to.not.equal(two.node.name);
        expect(one.node.name).to.match(/-[0-9a-f]{8}$/);
        expect(logged.filter((line) => line.includes(`{"name":"${one.node.name}"}`))).to.have.length(1);
        const ears = [new Ear(), new Ear()] as const;
        const observed = [await one.observe(ears[0]), await two.observe(ears[1])];
        const places = new Set<string>();
        for (let key = 0; key < 8; key++)
          for (const { reference } of observed)
            places.add(await (key % 2 === 0 ? one : two).actor(Bell, `b${key}`).ring(reference));
        expect([ears[0].heard, ears[1].heard]).to.deep.equal([8, 8]);
        expect(places.size).to.equal(2);
        const { members } = await one.service(MembershipStore).read();
        expect(members.map(({ status }) => status)).to.deep.equal(['active', 'active']);
      });
    }
  }

  it('that was fenced says which process took its name, to its log, its callers and whoever waits for its end', async () => {
    const store = sqlite({ file: join(folder, 'x.db') });
    const first = await start({ name: 'same', modules: [store], inProcess: false });
    const waiting = first
      .actor(Bell, 'a')
      .wait()
      .catch((error: unknown) => error);
    const second = await start({ name: 'same', modules: [store], inProcess: false });
    const { reason, description } = await first.terminated;
    expect(reason).to.equal('fenced');
    expect(description).to.match(
      new RegExp(
        `^The node same#1 stopped serving: same#2 at ${second.address} \\(process ${process.pid} on .+\\) has joined the cluster since and has taken its name 'same'$`,
      ),
    );
    expect(logged).to.include(description);
    expect(String(await waiting))
      .to.contain("has taken its name 'same'")
      .and.to.contain('give each a `name`');
    const refused = await first
      .actor(Bell, 'a')
      .wait()
      .catch((error: unknown) => error);
    expect(refused).to.include({ code: 'RUNTIME_NOT_READY', executed: 'no' });
    expect(String(refused)).to.contain('same#2 at');
    expect(logged.find((line) => line.startsWith('this node takes the place of another one'))).to.contain(
      `same#1 at ${first.address} (process ${process.pid}`,
    );
  });

  it('that was fenced says which process took its address', async () => {
    const store = sqlite({ file: join(folder, 'x.db') });
    const first = await start({ name: 'a', advertise: '127.0.0.1:7', modules: [store] });
    await start({ name: 'b', advertise: '127.0.0.1:7', modules: [store] });
    expect((await first.terminated).description)
      .to.contain('b#2 at 127.0.0.1:7')
      .and.to.contain('has taken its address 127.0.0.1:7');
  });

  it('is seen by nobody when its lease or its secret is another one than that of a living member', async () => {
    const store = sqlite({ file: join(folder, 'x.db') });
    const first = await start({ name: 'first', modules: [store] });
    const differences: Readonly<Record<string, Partial<StartOptions>>> = {
      'its lease lasts 3000 ms, that of this node 2000 ms': { lease: { ttlMs: 2_000 } },
      'it has no cluster secret, this node has one': { security: { clusterSecret: 'a secret of sixteen bytes' } },
    };
    for (const [difference, options] of Object.entries(differences)) {
      const failure = await start({ name: 'second', modules: [store], ...options }).catch((error: unknown) => error);
      expect(failure).to.have.property('code', 'CLUSTER_MISMATCH');
      expect(String(failure)).to.contain(`first#1 at ${first.address}`).and.to.contain(difference);
    }
    expect((await first.service(MembershipStore).read()).members).to.have.length(1);
    expect(nodes).to.have.length(1);
  });

  it('is not published under an address that nobody can call, and nothing is left listening', async () => {
    for (const listen of ['0.0.0.0:0', '[::]:0']) {
      const failure = await start({ listen, security: { insecure: true } }).catch((error: unknown) => error);
      expect(failure).to.have.property('code', 'UNPUBLISHABLE_ADDRESS');
      expect(String(failure)).to.contain('`advertise`');
    }
    const failure = await FlowTransport.listen({ listen: '0.0.0.0:0', security: { insecure: true } }).catch(
      (error: unknown) => error,
    );
    expect(failure).to.have.property('code', 'UNPUBLISHABLE_ADDRESS');
    expect(nodes).to.deep.equal([]);
  });

  it('refuses a name that could not be published to others', async () => {
    for (const name of ['', 'a\nb', 'e\u0301']) {
      for (const open of [
        () => start({ name }),
        () => ActorRuntime.connect({ namespace: 'identity', actors: [], name }),
        () => FlowTransport.listen({ name }),
        () => FlowTransport.open({ name }),
      ]) {
        expect(await open().catch((error: unknown) => error), JSON.stringify(name)).to.have.property(
          'code',
          'INVALID_OPTION',
        );
      }
    }
  });

  it('of fixed endpoints is its own too: two without names are distinguished, and are reached where they advertise', async () => {
    const [one, two] = [
      await FlowTransport.listen({ listen: '0.0.0.0:0', advertise: '127.0.0.1', security: { insecure: true } }),
      await FlowTransport.listen(),
    ];
    expect(one.address).to.match(/^127\.0\.0\.1:\d+$/);
    expect(await two.ping(one.address)).to.be.a('number');
    await Promise.all([one.close(), two.close()]);
  });
});
