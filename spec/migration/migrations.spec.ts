import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  Handler,
  inject,
  isMoonpoolError,
  Persist,
  sqlite,
  StatelessWorker,
  unchecked,
  type ActorReference,
  type ActorRuntime,
  type ActorState,
  type ContainerModule,
  type NodeId,
  type OnMigrate,
} from 'moonpool';
import { ActorDirectory, type Registration } from 'moonpool/modules';
import { ActivationTable } from '../../lib/activation/activation-table';
import { MigrationService } from '../../lib/migration/migration-service';
import { ClusterFixture, codeOf, eventually, failureOf, Gates } from '../activation/cluster-fixture';

class Purse {
  coins = 0;
}

interface Memory {
  readonly steps: number;
  readonly since: unknown;
  /** A reference is taken along as an argument would be. */
  readonly friend: ActorReference<Rover>;
}

/** What hooks and handlers did, in their order. */
const log: string[] = [];
let gates: Gates;

@Actor({ name: 'Rover', placement: 'local' })
class Rover implements OnMigrate<Memory> {
  @Persist(Purse) private readonly purse!: ActorState<Purse>;
  private steps = 0;
  private isCareless = false;
  private friend: ActorReference<Rover> | undefined;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  private note(what: string): void {
    log.push(`${this.context.node.name} ${what}`);
  }

  onActivate(): void {
    this.note(`onActivate ${this.steps} ${this.purse.value.coins}`);
  }
  onDeactivate({ code }: { readonly code: string }): void {
    this.note(`onDeactivate ${code}`);
  }
  onDehydrate(): Memory {
    this.note('onDehydrate');
    const since = this.isCareless ? () => 'nobody carries me' : new Date(0);
    return { steps: this.steps, since, friend: this.context.actor(Rover, 'friend') };
  }
  onRehydrate({ steps, since, friend }: Memory): void {
    this.note(`onRehydrate ${String(since instanceof Date)}`);
    this.friend = friend;
    if (this.context.key === 'unlucky') throw new Error('what was taken along does not fit');
    this.steps = steps;
  }

  @Handler() async step(): Promise<number> {
    return ++this.steps;
  }
  @Handler() async stepOfFriend(): Promise<number | undefined> {
    return this.friend?.step();
  }
  @Handler() async earn(): Promise<number> {
    this.purse.value.coins++;
    await this.purse.persist();
    return this.purse.value.coins;
  }
  @Handler() async wait(name: string): Promise<string> {
    await gates.wait(name);
    return this.context.node.name;
  }
  @Handler() async beCareless(): Promise<void> {
    this.isCareless = true;
  }
  @Handler({ accepts: unchecked }) async leave(to?: NodeId | string): Promise<void> {
    this.context.migrateOnIdle(to);
  }
  @Handler() async leaveAndEnd(): Promise<void> {
    this.context.migrateOnIdle();
    this.context.deactivateOnIdle();
  }
  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
}

@Actor({ name: 'Helper' })
@StatelessWorker()
class Helper {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}
  @Handler() async leave(): Promise<void> {
    this.context.migrateOnIdle();
  }
}

/** Registrations of nodes that are held up, by the names of the nodes. */
class HeldDirectory {
  readonly held = new Map<string, Promise<void>>();

  module(inner: () => ActorDirectory): ContainerModule {
    const register = async (candidate: Registration, replaces?: string): Promise<Registration> => {
      await this.held.get(candidate.node.name);
      return inner().register(candidate, replaces);
    };
    const directory: ActorDirectory = {
      lookup: (actor) => inner().lookup(actor),
      register,
      unregister: (actor, activation) => inner().unregister(actor, activation),
    };
    return { name: 'held directory', load: (bind) => bind(ActorDirectory).toValue(directory) };
  }
}

describe('An actor that moves', () => {
  let cluster: ClusterFixture;
  let nodes: readonly ActorRuntime[];
  let client: ActorRuntime;

  beforeEach(() => {
    [log.length, gates] = [0, new Gates()];
    cluster = new ClusterFixture([Rover, Helper]);
  });
  afterEach(async () => {
    gates.openAll();
    await cluster.shutdown();
  });

  async function start(options: Parameters<ClusterFixture['node']>[1] = {}, names = ['n1', 'n2']): Promise<void> {
    nodes = await Promise.all(names.map((name) => cluster.node(name, options)));
    client = await cluster.client({ ...(options.modules === undefined ? {} : { modules: options.modules }) });
  }

  const named = (name: string): ActorRuntime => {
    const node = nodes.find(({ node: { name: own } }) => own === name);
    if (node === undefined) throw new Error(`there is no ${name}`);
    return node;
  };
  const otherThan = (name: string): ActorRuntime => named(name === 'n1' ? 'n2' : 'n1');
  /** An actor that is to move takes no more turns but those under way. */
  const stopping = (node: ActorRuntime): Promise<void> =>
    eventually(() => [...node.service(ActivationTable).all].some(({ isEnding }) => isEnding));
  const movedOf = (node: ActorRuntime): unknown => node.inspect().activations?.totals.migrated;

  it('takes along what it has in memory, and what is durable, with its hooks in their order', async () => {
    await start();
    const rover = client.actor(Rover, 'r');
    await Promise.all([rover.step(), rover.step(), rover.earn()]);
    const from = await rover.where();
    const to = otherThan(from);
    log.length = 0;
    expect(await client.actor(Rover, 'r').$with({ timeoutMs: 1_000 }).step()).to.equal(3);
    expect(await named(from).migrate(Rover, 'r')).to.equal(true);
    const name = to.node.name;
    expect(log).to.deep.equal([
      `${from} onDehydrate`,
      `${from} onDeactivate migrating`,
      `${name} onRehydrate true`,
      `${name} onActivate 3 1`,
    ]);
    expect(movedOf(named(from))).to.deep.equal({ moved: 1 });
    expect(named(from).inspect().activations?.totals.ended).to.deep.equal({ migrating: 1 });
    expect([await rover.where(), await rover.step(), await rover.earn()]).to.deep.equal([name, 4, 2]);
    expect(await rover.stepOfFriend()).to.equal(1);
  });

  it('is moved by any node, to the node that is named by its id or its address', async () => {
    await start({}, ['n1', 'n2', 'n3']);
    const rover = client.actor(Rover, 'r');
    await rover.step();
    for (const node of [...nodes, ...nodes]) {
      const here = await rover.where();
      if (here === node.node.name) continue;
      const asked = nodes.find(({ node: { name } }) => name !== here && name !== node.node.name);
      expect(await asked?.migrate(Rover, 'r', { to: here === 'n1' ? node.node : node.address })).to.equal(true);
      expect(await rover.where()).to.equal(node.node.name);
    }
    expect(await rover.step()).to.equal(2);
  });

  it('has its calls wait until it is there, in their order, and runs none twice', async () => {
    await start();
    const rover = client.actor(Rover, 'r');
    const from = await rover.where();
    const [first, ...others] = [rover.wait('turn'), ...Array.from({ length: 20 }, () => rover.step())];
    await gates.reached('turn');
    const moved = otherThan(from).migrate(Rover, 'r');
    await stopping(named(from));
    others.push(...Array.from({ length: 20 }, () => rover.step()));
    const near = named(from).actor(Rover, 'r');
    const nearSteps = [near.step(), near.step()];
    await gates.open('turn');
    expect([await first, await moved]).to.deep.equal([from, true]);
    const [steps, own] = [await Promise.all(others), await Promise.all(nearSteps)];
    for (const pair of [steps, own]) expect(pair).to.deep.equal([...pair].sort((a, b) => a - b));
    expect(new Set([...steps, ...own])).to.have.property('size', 42);
    expect(await rover.where()).to.equal(otherThan(from).node.name);
  });

  it('asks for it itself, in a turn', async () => {
    await start();
    const rover = client.actor(Rover, 'r');
    const from = await rover.where();
    await Promise.all([rover.step(), rover.leave()]);
    await eventually(async () => (await rover.where()) !== from);
    expect(await rover.step()).to.equal(2);
    await rover.leave(named(from).node);
    await eventually(async () => (await rover.where()) === from);
    expect(await rover.step()).to.equal(3);
  });

  it('does not, when it ends', async () => {
    await start();
    const rover = client.actor(Rover, 'r');
    await Promise.all([rover.step(), rover.leaveAndEnd()]);
    await eventually(() => log.some((line) => line.endsWith('onDeactivate requested')));
    expect(await rover.step()).to.equal(1);
    expect(nodes.map(movedOf)).to.deep.equal([{}, {}]);
  });

  it('stays where the node that is named will not do, and says why', async () => {
    await start();
    const rover = client.actor(Rover, 'r');
    const from = await rover.where();
    const here = named(from);
    const { message } = await failureOf(here.migrate(Rover, 'r', { to: 'nowhere:1' }));
    expect(message).to.include('there is no such node in the cluster');
    for (const to of [here.node, here.address, { name: 'n9', incarnation: 9 }])
      expect(await codeOf(otherThan(from).migrate(Rover, 'r', { to }))).to.equal('MIGRATION_REFUSED');
    const error = await failureOf(rover.leave({ name: 'n9', incarnation: 9 }));
    expect(isMoonpoolError(error, 'HANDLER_FAILED') && isMoonpoolError(error.cause, 'MIGRATION_REFUSED')).to.equal(
      true,
    );
    const helper = await failureOf(client.actor(Helper, 'h').leave());
    expect(isMoonpoolError(helper.cause, 'MIGRATION_REFUSED')).to.equal(true);
    expect(await codeOf(here.migrate(Rover, 'r', { to: 7 as unknown as string }))).to.equal('INVALID_OPTION');
    expect(await codeOf(client.migrate(Rover, 'r'))).to.equal('ENDPOINT_FORBIDDEN');
    expect(await here.migrate(Rover, 'nowhere')).to.equal(false);
    expect(await rover.where()).to.equal(from);
    expect(log.filter((line) => line.includes('onDeactivate'))).to.deep.equal([]);
  });

  it('stays where no other node hosts its class', async () => {
    await start({}, ['n1']);
    await client.actor(Rover, 'r').step();
    expect(await codeOf(named('n1').migrate(Rover, 'r'))).to.equal('NO_NODE_AVAILABLE');
    expect(await client.actor(Rover, 'r').step()).to.equal(2);
  });

  it('is made without its memory where that cannot be carried', async () => {
    await start();
    const rover = client.actor(Rover, 'r');
    await Promise.all([rover.earn(), rover.beCareless()]);
    expect(await named(await rover.where()).migrate(Rover, 'r')).to.equal(false);
    expect([await rover.step(), await rover.earn()]).to.deep.equal([1, 2]);
    const [line] = cluster.said('an actor could not take its state in memory');
    expect(String(line?.fields['error'])).to.include('function');
  });

  it('is made without its memory where the new node cannot take it, and whoever waits goes on', async () => {
    await start();
    const rover = client.actor(Rover, 'unlucky');
    const from = await rover.where();
    await rover.step();
    const first = rover.wait('turn');
    await gates.reached('turn');
    const moved = named(from).migrate(Rover, 'unlucky');
    await stopping(named(from));
    const next = rover.step();
    await gates.open('turn');
    expect([await first, await moved, await next]).to.deep.equal([from, false, 1]);
    expect(movedOf(named(from))).to.deep.equal({ failed: 1 });
  });

  it('takes no memory to a node that comes too late, when it was made elsewhere meanwhile', async () => {
    const held = new HeldDirectory();
    const modules = cluster.with(held.module(() => named('inner').service(ActorDirectory)));
    const inner = await cluster.node('inner', { actors: [] });
    nodes = [inner];
    nodes = [
      inner,
      ...(await Promise.all(
        ['n1', 'n2'].map((name) => cluster.node(name, { modules, activation: { migrationLimitMs: 50 } })),
      )),
    ];
    client = await cluster.client();
    const rover = client.actor(Rover, 'r');
    const from = await rover.where();
    const to = otherThan(from);
    await rover.step();
    let open = (): void => undefined;
    held.held.set(to.node.name, new Promise((resolve) => (open = () => resolve())));
    expect(await named(from).migrate(Rover, 'r', { to: to.node })).to.equal(false);
    // It lives, and ends, where it was; and only then the other node gets its registration.
    const again = named(from).actor(Rover, 'r');
    expect(await again.step()).to.equal(1);
    expect(await again.step()).to.equal(2);
    const ends = () => log.filter((line) => line.endsWith('onDeactivate requested')).length;
    await again.leaveAndEnd();
    await eventually(() => ends() === 1);
    await eventually(async () => (await inner.service(ActorDirectory).lookup('spec/Rover/r')) === undefined);
    open();
    await eventually(async () => (await inner.service(ActorDirectory).lookup('spec/Rover/r')) !== undefined);
    expect([await rover.where(), await rover.step()]).to.deep.equal([to.node.name, 1]);
    expect(log.filter((line) => line.includes('onRehydrate'))).to.deep.equal([]);
  });

  it('is handed over to those alone who ask as they should', async () => {
    await start();
    await client.actor(Rover, 'r').step();
    const [one, two] = nodes as readonly [ActorRuntime, ActorRuntime];
    const service = one.endpoint(MigrationService, two.address);
    const codeIn = async (asked: Promise<unknown>) => ((await failureOf(asked)).cause as { code: string }).code;
    const from = { activation: 'x', address: one.address };
    expect(await codeIn(service.adopt({ path: 'spec/Rover/r' }))).to.equal('INVALID_OPTION');
    expect(await codeIn(service.adopt({ path: 'other/Rover/r', ...from }))).to.equal('MIGRATION_REFUSED');
    expect(await codeIn(service.adopt({ path: 'spec/Nobody/r', ...from }))).to.equal('UNKNOWN_ACTOR');
    expect(await codeIn(service.adopt({ path: 'spec/Helper/h', ...from }))).to.equal('MIGRATION_REFUSED');
    expect(await codeIn(service.adopt({ path: 'no path', ...from }))).to.equal('INVALID_ACTOR_ID');
    expect(await codeIn(service.migrate({ path: 'spec/Rover/r', to: 3 }))).to.equal('INVALID_OPTION');
    expect(await codeIn(service.handOver(null))).to.equal('INVALID_OPTION');
    const home = await client.actor(Rover, 'r').where();
    const there = otherThan(home).endpoint(MigrationService, named(home).address);
    expect(await codeIn(there.adopt({ path: 'spec/Rover/r', ...from })), 'where it is').to.equal('MIGRATION_REFUSED');
    expect(await client.actor(Rover, 'r').step()).to.equal(2);
    expect(await service.handOver('spec/none/1')).to.deep.equal({ isWaiting: false, state: null });
    const asClient = client.endpoint(MigrationService, two.address);
    expect(await codeOf(asClient.handOver('spec/none/1'))).to.equal('ENDPOINT_FORBIDDEN');
  });

  it('does so on SQLite, again and again, under pipelines of calls', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'moonpool-migration-'));
    try {
      await start({ modules: cluster.with(sqlite({ file: join(folder, 'actors.db') })) }, ['n1', 'n2', 'n3']);
      const rover = client.actor(Rover, 'r');
      const earned: Promise<number>[] = [];
      await rover.where();
      for (let round = 0; round < 15; round++) {
        for (let call = 0; call < 10; call++) earned.push(call % 2 === 0 ? rover.earn() : rover.step());
        const asked = nodes[round % nodes.length] as ActorRuntime;
        expect(await asked.migrate(Rover, 'r')).to.equal(true);
      }
      const answers = await Promise.all(earned);
      const expected = Array.from({ length: 150 }, (_, index) => Math.floor(index / 2) + 1);
      expect(answers).to.deep.equal(expected);
      expect(log.filter((line) => line.includes('onRehydrate true'))).to.have.length(15);
    } finally {
      await cluster.shutdown();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
