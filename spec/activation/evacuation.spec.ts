import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  Handler,
  inject,
  type Logger,
  MoonpoolError,
  StatelessWorker,
  type ActorClass,
  type ActorRuntime,
  type ContainerModule,
  type OnMigrate,
} from 'moonpool';
import { ActorDirectory, type Registration } from 'moonpool/modules';
import type { Activation } from '../../lib/activation/activation';
import { Evacuation, type EvacuationParts } from '../../lib/activation/evacuation';
import { GradualEnding } from '../../lib/activation/gradual-ending';
import { quietBuggify } from '../../lib/chaos/buggify';
import { Deferred } from '../../lib/concurrency/deferred';
import type { Location } from '../../lib/directory/location-cache';
import { ActorId } from '../../lib/identity/actor-id';
import { ClusterFixture, codeOf, eventually, Gates, pause } from './cluster-fixture';

/** What hooks and timers did, in their order. */
const log: string[] = [];
let gates: Gates;

abstract class Resident {
  constructor(protected readonly context: ActorContext) {}

  protected note(what: string): void {
    log.push(`${this.context.key} on ${this.context.node.name}: ${what}`);
  }
  onActivate(): void {
    this.note('onActivate');
  }
  onDeactivate({ code }: { readonly code: string }): void {
    this.note(`onDeactivate ${code}`);
  }
}

@Actor({ name: 'Plain', placement: 'local' })
class Plain extends Resident {
  constructor(@inject(ActorContext) context: ActorContext) {
    super(context);
  }
  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
  @Handler() async wait(): Promise<string> {
    await gates.wait(String(this.context.key));
    return this.context.node.name;
  }
  /** Asks somebody whom nobody has asked before. */
  @Handler() async waitAndAsk(key: string): Promise<string> {
    await gates.wait(String(this.context.key));
    return this.context.actor(Plain, key).where();
  }
}

@Actor({ name: 'Mindful', placement: 'local' })
class Mindful extends Resident implements OnMigrate<number> {
  private known = 0;
  constructor(@inject(ActorContext) context: ActorContext) {
    super(context);
  }
  onDehydrate(): number {
    return this.known;
  }
  onRehydrate(known: number): void {
    this.known = known;
  }
  @Handler() async count(): Promise<number> {
    return ++this.known;
  }
}

@Actor({ name: 'Ticking', placement: 'local' })
class Ticking extends Resident {
  constructor(@inject(ActorContext) context: ActorContext) {
    super(context);
  }
  override onActivate(): void {
    this.context.timer(() => this.note('tick'), { everyMs: 5 });
  }
  @Handler() async begin(): Promise<void> {}
}

@Actor({ name: 'Hand' })
@StatelessWorker()
class Hand extends Resident {
  constructor(@inject(ActorContext) context: ActorContext) {
    super(context);
  }
  @Handler() async work(): Promise<string> {
    return this.context.node.name;
  }
}

/** Each node has one. */
@Actor({ name: 'Notebook', static: true })
class Notebook extends Resident {
  constructor(@inject(ActorContext) context: ActorContext) {
    super(context);
  }
  @Handler() async write(): Promise<string> {
    return this.context.node.name;
  }
}

/** Asks the actors of its node in the midst of a turn. */
@Actor({ name: 'Clerk', placement: 'local' })
class Clerk extends Resident {
  constructor(@inject(ActorContext) context: ActorContext) {
    super(context);
  }
  @Handler() async askAround(): Promise<readonly string[]> {
    await gates.wait('clerk');
    return [await this.context.actor(Notebook).write(), await this.context.actor(Hand, 'hand').work()];
  }
}

const HOSTED: readonly ActorClass[] = [Plain, Mindful, Ticking, Hand, Notebook, Clerk];

/** Longer than the time for which an actor that was called counts as one in use. */
const RESTED_MS = 1_050;

describe('The actors of a node that stops', () => {
  let cluster: ClusterFixture;
  let leaving: ActorRuntime;

  beforeEach(async () => {
    [log.length, gates] = [0, new Gates()];
    cluster = new ClusterFixture(HOSTED);
    leaving = await cluster.node('leaving');
  });
  afterEach(async () => {
    gates.openAll();
    await cluster.shutdown();
  });

  it('move when they are in use, have something in memory or a timer; the others are deactivated', async () => {
    const staying = await cluster.node('staying');
    expect(await leaving.actor(Mindful, 'mindful').count()).to.equal(1);
    await leaving.actor(Ticking, 'ticking').begin();
    await leaving.actor(Plain, 'resting').where();
    await leaving.actor(Hand, 'hand').work();
    await pause(RESTED_MS);
    await leaving.actor(Plain, 'busy').where();
    log.length = 0;
    await leaving.shutdown();
    const ends = log.filter((line) => line.includes('onDeactivate')).sort();
    expect(ends).to.deep.equal([
      'busy on leaving: onDeactivate migrating',
      'hand on leaving: onDeactivate shutting-down',
      'mindful on leaving: onDeactivate migrating',
      'resting on leaving: onDeactivate shutting-down',
      'ticking on leaving: onDeactivate migrating',
    ]);
    expect(staying.inspect().activations?.byType).to.deep.equal({ Plain: 1, Mindful: 1, Ticking: 1 });
    await eventually(() => log.includes('ticking on staying: tick'));
    expect(await staying.actor(Mindful, 'mindful').count()).to.equal(2);
    const [{ fields } = { fields: {} }] = cluster.said('actors have moved to other nodes');
    expect(fields).to.deep.equal({ moved: 3, ended: 1, failed: 0 });
  });

  it('may call those that the node has for itself until the last of them has ended', async () => {
    await cluster.node('staying');
    const client = await cluster.client();
    await leaving.actor(Mindful, 'mindful').count();
    const asked = leaving.actor(Clerk, 'clerk').askAround();
    await gates.reached('clerk');
    const ended = leaving.shutdown();
    await eventually(() => log.includes('mindful on staying: onActivate'));
    await gates.open('clerk');
    expect(await asked).to.deep.equal(['leaving', 'leaving']);
    await ended;
    const ends = log.filter((line) => line.endsWith('on leaving: onDeactivate shutting-down'));
    expect(ends).to.deep.equal([
      ' on leaving: onDeactivate shutting-down',
      'hand on leaving: onDeactivate shutting-down',
    ]);
    expect(await client.actor(Hand, 'hand').work()).to.equal('staying');
  });

  it('are not joined by new ones: whom their turns ask for the first time is activated elsewhere', async () => {
    await cluster.node('staying');
    const asked = leaving.actor(Plain, 'asking').waitAndAsk('new');
    await gates.reached('asking');
    const ended = leaving.shutdown();
    await pause(50);
    await gates.open('asking');
    expect(await asked).to.equal('staying');
    await ended;
    expect(log.filter((line) => line.startsWith('new on leaving'))).to.deep.equal([]);
  });

  it('are not joined by those either whose callers do not know yet that the node stops', async () => {
    const client = await cluster.client();
    const held = leaving.actor(Plain, 'asking').wait();
    await gates.reached('asking');
    const ended = leaving.shutdown();
    await pause(50);
    expect(await codeOf(client.actor(Plain, 'new').where())).to.equal('NO_NODE_AVAILABLE');
    await gates.open('asking');
    await Promise.all([held, ended]);
    expect(log.filter((line) => line.startsWith('new on leaving'))).to.deep.equal([]);
  });

  it('are deactivated by the last node, and where that is wanted', async () => {
    const alone = new ClusterFixture(HOSTED);
    try {
      const last = await alone.node('last');
      await last.actor(Mindful, 'mindful').count();
      await last.shutdown();
      const unwilling = await cluster.node('unwilling', { activation: { moveOnShutdown: false } });
      await unwilling.actor(Mindful, 'another').count();
      await unwilling.shutdown();
    } finally {
      await alone.shutdown();
    }
    expect(log.filter((line) => line.includes('onDeactivate'))).to.deep.equal([
      'mindful on last: onDeactivate shutting-down',
      'another on unwilling: onDeactivate shutting-down',
    ]);
    expect(cluster.said('an actor could not')).to.deep.equal([]);
  });

  it('take the calls that wait along, and whoever calls them late is told where they are', async () => {
    await cluster.node('staying');
    let lookups = 0;
    const counted: ContainerModule = {
      name: 'counted directory',
      load: (bind) => {
        const inner = leaving.service(ActorDirectory);
        const lookup: ActorDirectory['lookup'] = (actor) => (lookups++, inner.lookup(actor));
        bind(ActorDirectory).toValue({
          lookup,
          register: (candidate, replaces) => inner.register(candidate, replaces),
          unregister: (actor, activation) => inner.unregister(actor, activation),
        });
      },
    };
    const client = await cluster.client({ modules: cluster.with(counted), messaging: { maxForwards: 0 } });
    for (const key of ['long', 'short', 'late']) await leaving.actor(Plain, key).where();
    for (const key of ['long', 'short', 'late']) expect(await client.actor(Plain, key).where()).to.equal('leaving');
    const [long, short] = [client.actor(Plain, 'long').wait(), client.actor(Plain, 'short').wait()];
    await Promise.all([gates.reached('long'), gates.reached('short')]);
    const behind = client.actor(Plain, 'short').where();
    lookups = 0;
    const ended = leaving.shutdown();
    await eventually(() => log.includes('late on staying: onActivate'));
    expect(await client.actor(Plain, 'late').where()).to.equal('staying');
    await gates.open('short');
    expect([await short, await behind]).to.deep.equal(['leaving', 'staying']);
    await gates.open('long');
    expect(await long).to.equal('leaving');
    await ended;
    expect(lookups).to.equal(0);
  });
});

/** An activation as an evacuation sees it, which ends when the spec says so. */
class SeenActivation {
  readonly loop = { running: 0 };
  readonly descriptor = { type: Plain };
  readonly target: ActorId;
  readonly ended = new Deferred<void>();
  readonly instance = {};
  readonly isRegistered = true;
  readonly isEnding = false;
  readonly isActive = true;
  readonly hasTimers = false;
  readonly isOver = false;
  readonly idleMs = 0;

  constructor(
    key: string,
    private readonly seen: string[],
  ) {
    this.target = ActorId.parse(`spec/Plain/${key}`);
  }

  deactivate({ code }: { readonly code: string }): Promise<void> {
    this.seen.push(`${this.target.key} ${code}`);
    return this.ended.promise;
  }
  async migrate({ address }: Location): Promise<{ readonly hasLost: boolean; readonly place: Registration }> {
    this.seen.push(`${this.target.key} to ${address}`);
    await this.ended.promise;
    const node = { name: address, incarnation: 1 };
    return { hasLost: false, place: { actor: this.target.path, activation: 'next', node, address } };
  }
}

describe('An evacuation', () => {
  let seen: string[];
  /** What nodes answer that are asked, by their addresses. */
  let answers: Map<string, (key: string) => unknown>;
  const nodes = ['n1', 'n2'];
  /** Those of them that still serve. */
  let serving: string[];
  /** The addresses in what was said of nodes that take nobody. */
  let said: unknown[];

  beforeEach(() => {
    [seen, answers, serving, said] = [[], new Map(), [...nodes], []];
  });

  function evacuationOf(asked: string[] = []): Evacuation {
    const among = (actor: ActorId, mayBe: (address: string) => boolean): Location => {
      const address = nodes.find(mayBe);
      if (address === undefined) throw new MoonpoolError('NO_NODE_AVAILABLE', { message: `None for ${actor.path}` });
      return { node: { name: address, incarnation: 1 }, address };
    };
    const ask = async ({ key = '' }: ActorId, { address }: Location): Promise<void> => {
      asked.push(`${key} at ${address}`);
      await answers.get(address)?.(key);
    };
    const info = (message: string, fields?: Parameters<Logger['info']>[1]): void => {
      if (message.includes('takes no actors')) said.push(fields?.['node']);
    };
    const logger: Logger = { info, warn: () => undefined, error: () => undefined };
    const has = async ({ address }: Location): Promise<boolean> => serving.includes(address);
    const parts = {
      destinations: { among, has, hasAny: async () => true },
      departures: { ask },
      ending: new GradualEnding({ yield: async () => undefined }, quietBuggify),
      logger,
      isWanted: true,
    };
    return new Evacuation(parts as unknown as EvacuationParts);
  }

  const run = (evacuation: Evacuation, activations: readonly SeenActivation[]): Promise<void> =>
    evacuation.run(activations as unknown as readonly Activation[]);

  it('goes to another node where one refuses the actor, and asks one no more that cannot be asked', async () => {
    const asked: string[] = [];
    const activations = ['c', 'b', 'a'].map((key) => new SeenActivation(key, seen));
    activations.forEach(({ ended }) => ended.resolve());
    answers.set('n1', (key) => {
      if (key === 'a') throw new MoonpoolError('ACTIVATION_FAILED', { message: 'It failed here a moment ago' });
    });
    const evacuation = evacuationOf(asked);
    await run(evacuation, activations.slice(1));
    expect(seen.sort()).to.deep.equal(['a to n2', 'b to n1']);
    expect(evacuation.placeOf('spec/Plain/a')).to.include({ address: 'n2', activation: 'next' });
    expect(evacuation.placeOf('spec/Plain/c')).to.equal(undefined);

    answers.set('n1', () => {
      throw new MoonpoolError('NODE_UNREACHABLE', { message: 'Nobody is there' });
    });
    const another = evacuationOf(asked);
    [seen.length, asked.length] = [0, 0];
    await run(another, activations.slice(1, 2));
    await run(another, activations.slice(2));
    expect([seen, asked]).to.deep.equal([
      ['b to n2', 'a to n2'],
      ['b at n1', 'b at n2', 'a at n2'],
    ]);
  });

  it('says which node serves and cannot be asked, and nothing of those that have ended or are stopping too', async () => {
    const alone = new SeenActivation('a', seen);
    alone.ended.resolve();
    for (const address of nodes)
      answers.set(address, () => {
        throw new MoonpoolError('NODE_UNREACHABLE', { message: 'Nobody is there' });
      });
    serving = ['n2'];
    await run(evacuationOf(), [alone]);
    expect(said).to.deep.equal(['n2#1']);

    answers.set('n2', () => {
      throw new MoonpoolError('MIGRATION_REFUSED', { message: 'It is stopping' });
    });
    await run(evacuationOf(), [alone]);
    expect(said).to.deep.equal(['n2#1']);
  });

  it('deactivates whom no node takes, and, when it is to stop, whoever has not begun to move', async () => {
    answers.set('n2', () => {
      throw new MoonpoolError('MIGRATION_REFUSED', { message: 'It is stopping' });
    });
    answers.set('n1', answers.get('n2') as () => unknown);
    const alone = new SeenActivation('a', seen);
    alone.ended.resolve();
    await run(evacuationOf(), [alone]);
    expect(seen).to.deep.equal(['a shutting-down']);

    [seen.length] = [0];
    answers.clear();
    const many = Array.from({ length: 100 }, (_, index) => new SeenActivation(`k${index}`, seen));
    const evacuation = evacuationOf();
    const over = run(evacuation, many);
    await eventually(() => seen.length > 0);
    await pause(5);
    const { length: moving } = seen;
    expect(moving).to.be.lessThan(100);
    evacuation.stop();
    const stays = (what: string): boolean => what.endsWith('shutting-down');
    expect(seen.filter(stays)).to.have.length(100 - moving);
    // It is over when all of them have ended, those included that do not move.
    const last = seen.find(stays);
    let isOver = false;
    void over.then(() => (isOver = true));
    for (const { ended, target } of many) if (last !== `${target.key} shutting-down`) ended.resolve();
    await pause(5);
    expect(isOver).to.equal(false);
    many.forEach(({ ended }) => ended.resolve());
    await over;
    expect(seen).to.have.length(100);
  });

  it('does not let others wait for those that are in the midst of turns', async () => {
    const many = Array.from({ length: 200 }, (_, index) => new SeenActivation(`k${index}`, seen));
    for (const { loop } of many) loop.running = 1;
    const over = run(evacuationOf(), many);
    await eventually(() => seen.length === 200);
    many.forEach(({ ended }) => ended.resolve());
    await over;
  });
});
