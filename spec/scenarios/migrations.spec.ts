import {
  Actor,
  ActorContext,
  ActorState,
  Handler,
  inject,
  isMoonpoolError,
  Persist,
  retry,
  type ActorClass,
  type ActorRuntime,
  type OnMigrate,
} from 'moonpool';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { settle } from './settled-calls';
import { PATIENCE } from './patience';

const KEYS = ['n1', 'n2'];

class Diary {
  /** The last entry of each writer. */
  last: Record<string, number> = {};
  total = 0;
}

/** What a wanderer has in memory alone. */
interface Luggage {
  /** The life in which it was made without any; each has another one. */
  readonly born: string;
  /** How many turns it has had since then. */
  turns: number;
  /** As many as the diary has entries. */
  total: number;
}

interface Entry {
  readonly writer: string;
  readonly entry: number;
}

/** What all turns of a run have seen, by their actors: of two that follow each other the second must know of the first, or have been made without luggage. */
let seen: Map<string, { readonly born: string; turns: number }>;
let births: Map<string, Set<string>>;

/** Has something durable, something in memory that must agree with it, and moves all the time. */
abstract class Wanderer implements OnMigrate<Luggage> {
  private luggage: Luggage | undefined;
  private hasActivated = false;

  constructor(protected readonly context: ActorContext) {}

  /** What is durable of it; undefined when nothing is. */
  protected abstract readonly diary: ActorState<Diary> | undefined;

  onDehydrate(): Luggage {
    if (this.luggage === undefined) throw new Error('it has no luggage');
    return this.luggage;
  }

  onRehydrate(luggage: Luggage): void {
    if (this.hasActivated) report(`${this.context.id.path}: onRehydrate came after onActivate`);
    this.luggage = luggage;
    this.compare(luggage);
  }

  onActivate(): void {
    this.hasActivated = true;
    this.luggage ??= {
      born: `${this.context.node.name}#${this.context.node.incarnation}/${this.context.random.uint32()}`,
      turns: 0,
      total: this.diary?.value.total ?? 0,
    };
  }

  /** Begins a turn: what is in memory must be what the turn before has left, or new. */
  protected begin(): Luggage {
    const { luggage, context } = this;
    if (luggage === undefined) throw new Error('it has no luggage');
    const { path } = context.id;
    this.compare(luggage);
    const before = seen.get(path);
    const known = births.get(path) ?? new Set();
    births.set(path, known);
    if (before?.born === luggage.born) {
      if (luggage.turns !== before.turns)
        report(`${path} has had ${before.turns} turns, and begins with the memory of ${luggage.turns}`);
    } else if (luggage.turns > 0 || known.has(luggage.born)) {
      report(`${path} begins with the memory of ${luggage.turns} turns of ${luggage.born}, and was ${before?.born}`);
    }
    known.add(luggage.born);
    luggage.turns++;
    seen.set(path, { born: luggage.born, turns: luggage.turns });
    return luggage;
  }

  /** What is in memory must agree with what is durable. */
  private compare({ total }: Luggage): void {
    const stored = this.diary?.value.total ?? total;
    if (total !== stored) report(`${this.context.id.path} has ${total} entries in memory and ${stored} in its diary`);
  }

  /** Refuses what comes out of order. */
  protected note(luggage: Luggage, { value }: ActorState<Diary>, { writer, entry }: Entry): void {
    const before = value.last[writer] ?? 0;
    if (entry <= before) throw new RangeError(`the entry ${entry} of ${writer} comes after ${before}`);
    value.last[writer] = entry;
    value.total++;
    luggage.total++;
  }

  protected move(): void {
    const { context } = this;
    if (context.random.below(8) === 0) context.migrateOnIdle();
    else if (context.random.below(20) === 0) context.deactivateOnIdle();
  }
}

/** Writes when it says so. */
@Actor({ name: 'Pilgrim', idleTimeoutMs: 2_000 })
class Pilgrim extends Wanderer {
  @Persist(Diary) protected readonly diary!: ActorState<Diary>;

  constructor(@inject(ActorContext) context: ActorContext) {
    super(context);
  }

  @Handler() async write(writer: string, entry: number): Promise<number> {
    const luggage = this.begin();
    if (this.context.random.below(4) === 0) await this.context.time.sleep(this.context.random.below(30));
    this.note(luggage, this.diary, { writer, entry });
    await this.diary.persist();
    this.move();
    return entry;
  }

  @Handler() async lastOf(writer: string): Promise<number> {
    this.begin();
    return this.diary.value.last[writer] ?? 0;
  }
}

/** Writes at the end of each turn, while the next one is under way. */
@Actor({ name: 'Courier', idleTimeoutMs: 2_000, persist: 'after-turn' })
class Courier extends Wanderer {
  @Persist(Diary) protected readonly diary!: ActorState<Diary>;

  constructor(@inject(ActorContext) context: ActorContext) {
    super(context);
  }

  @Handler() async write(writer: string, entry: number): Promise<number> {
    this.note(this.begin(), this.diary, { writer, entry });
    this.move();
    return entry;
  }

  @Handler() async lastOf(writer: string): Promise<number> {
    this.begin();
    return this.diary.value.last[writer] ?? 0;
  }
}

/** Has nothing that is durable: no store would refuse what it does in two places. */
@Actor({ name: 'Vagrant', idleTimeoutMs: 2_000 })
class Vagrant extends Wanderer {
  protected readonly diary = undefined;

  constructor(@inject(ActorContext) context: ActorContext) {
    super(context);
  }

  @Handler() async write(_writer: string, entry: number): Promise<number> {
    this.begin();
    if (this.context.random.below(4) === 0) await this.context.time.sleep(this.context.random.below(30));
    this.move();
    return entry;
  }

  /** It remembers none. */
  @Handler() async lastOf(_writer: string): Promise<number> {
    this.begin();
    return 0;
  }
}

/** What was found wrong in a turn: an error of a handler would be taken for one of many. */
let found: string[];

function report(what: string): void {
  found.push(what);
}

type Kind = ActorClass<Pick<Pilgrim, 'write' | 'lastOf'>>;
const KINDS: readonly Kind[] = [Pilgrim, Courier, Vagrant];

/** Actors that move all the time, with what they have in memory, among faults: by themselves, and because nodes ask for it. */
export class MigrationsSimulation {
  static readonly actors = [Pilgrim, Courier, Vagrant];

  @SimulationTest(8, { nodes: 4, clients: 3, chaos: 'hostile' })
  async whoMovesIsWhoItWas(cluster: SimulatedCluster): Promise<void> {
    reset();
    const moves = new WatchedMoves(cluster);
    let isOver = false;
    const movers = [moveActors(cluster, () => isOver), moveActors(cluster, () => isOver), moves.endNodes(() => isOver)];
    const acknowledged = await Promise.all(
      KINDS.flatMap((kind) =>
        KEYS.flatMap((key) =>
          Array.from({ length: cluster.clientCount }, (_, index) =>
            writeDown(cluster, { client: cluster.client(index), kind, key, writer: `w${index}` }),
          ),
        ),
      ),
    );
    isOver = true;
    await Promise.all(movers);
    await cluster.quiesce();
    for (const { kind, key, writer, entry } of acknowledged) {
      const last = await retry(() => cluster.client().actor(kind, key).lastOf(writer), PATIENCE);
      if (last < entry && kind !== Vagrant)
        throw new Error(`${key} has forgotten the entry ${entry} of ${writer}: its last is ${last}`);
    }
    moves.declare();
    throwFound();
  }

  /** Nothing fails, so every move succeeds, and each actor is made once. */
  @SimulationTest(12, { nodes: 4, clients: 2, chaos: 'calm' })
  async withoutFaultsNothingIsLeftBehind(cluster: SimulatedCluster): Promise<void> {
    reset();
    const ends = new Map<string, number>();
    cluster.onEvent(
      ({ fields }) => {
        const actor = String(fields['actor']);
        if (fields['reason'] !== 'migrating') ends.set(actor, (ends.get(actor) ?? 0) + 1);
      },
      ['deactivate'],
    );
    const answers = await Promise.all(
      KEYS.flatMap((key) =>
        Array.from({ length: cluster.clientCount }, async (_, index) => {
          const nomad = cluster.client(index).actor(Pilgrim, key);
          for (let round = 0; round < 10; round++) {
            const first = round * 5;
            await Promise.all(Array.from({ length: 5 }, (__, at) => nomad.write(`w${index}`, first + at + 1)));
            await cluster.sleep(cluster.random.below(60));
          }
          return nomad.lastOf(`w${index}`);
        }),
      ),
    );
    for (const last of answers) if (last !== 50) throw new Error(`a writer made 50 entries, and its last is ${last}`);
    throwFound();
    for (const [path, { size }] of births) {
      const expected = 1 + (ends.get(path) ?? 0);
      if (size > expected) throw new Error(`${path} was made ${size} times, and has ended ${expected - 1} times`);
    }
  }
}

function reset(): void {
  [seen, births, found] = [new Map(), new Map(), []];
}

function throwFound(): void {
  if (found.length > 0) throw new Error(found[0]);
}

interface Writing {
  readonly client: ActorRuntime;
  readonly kind: Kind;
  readonly key: string;
  readonly writer: string;
}

async function writeDown(
  cluster: SimulatedCluster,
  { client, kind, key, writer }: Writing,
): Promise<{ kind: Kind; key: string; writer: string; entry: number }> {
  let entry = 0;
  let acknowledged = 0;
  const pipelines: ReturnType<typeof settle<number>>[] = [];
  for (let round = 0; round < 8; round++) {
    const wanderer = client.actor(kind, key).$with({ timeoutMs: 8_000 });
    pipelines.push(settle(Array.from({ length: 1 + cluster.random.below(8) }, () => wanderer.write(writer, ++entry))));
    // Half of the time the next pipeline follows while this one is under way.
    if (cluster.random.below(2) === 0) await pipelines.at(-1);
    await cluster.sleep(cluster.random.below(200));
    throwFound();
  }
  for (const answers of await Promise.all(pipelines))
    for (const answer of answers) if (!isMoonpoolError(answer)) acknowledged = answer;
  return { kind, key, writer, entry: acknowledged };
}

/** Nodes ask for actors to be moved, wherever these are, to a node of their choice or to any. */
async function moveActors(cluster: SimulatedCluster, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const { runtime } = oneOf(cluster, cluster.nodes);
    const to = oneOf(cluster, cluster.nodes);
    const options = cluster.random.below(2) === 0 ? {} : { to: to.runtime?.node ?? to.address };
    if (runtime !== undefined) {
      const move = settle([runtime.migrate(oneOf(cluster, KINDS), oneOf(cluster, KEYS), options)]);
      // A node that dies meanwhile answers nothing.
      const ends = await Promise.race([move, cluster.sleep(10_000)]);
      cluster.sometimes('a node moved an actor', ends?.[0] === true);
    }
    await cluster.sleep(cluster.random.below(150));
  }
}

function oneOf<T>(cluster: SimulatedCluster, items: readonly T[]): T {
  return items[cluster.random.below(items.length)] as T;
}

/** What became of moves. */
class WatchedMoves {
  private readonly open = new Map<string, string>();
  private readonly outcomes = new Set<unknown>();
  private wasOvertaken = false;

  constructor(private readonly cluster: SimulatedCluster) {
    cluster.onEvent(
      ({ name, node, fields }) => {
        const activation = String(fields['activation']);
        if (name === 'migrate-begin') this.open.set(activation, node);
        else if (name === 'migrate-end') {
          this.open.delete(activation);
          this.outcomes.add(fields['outcome']);
        } else this.onDeath(node);
      },
      ['migrate-begin', 'migrate-end', 'death'],
    );
  }

  private onDeath(node: string): void {
    for (const [activation, on] of this.open) {
      if (on !== node) continue;
      this.open.delete(activation);
      this.wasOvertaken = true;
    }
  }

  /** Nodes die while they hand an actor over, and start again. */
  async endNodes(isOver: () => boolean): Promise<void> {
    const { cluster, open } = this;
    while (!isOver()) {
      await cluster.sleep(400 + cluster.random.below(1_200));
      const names = [...open.values()];
      const node = cluster.nodes.find(({ name, isServing }) => isServing && names.includes(name));
      if (node === undefined) continue;
      await cluster.crash(node);
      await cluster.sleep(cluster.random.below(300));
      await cluster.restart(node);
    }
  }

  declare(): void {
    const { cluster, outcomes } = this;
    cluster.sometimes('a move succeeded', outcomes.has('moved'));
    cluster.sometimes('a move failed, and the activation ended as any other', outcomes.has('failed'));
    cluster.sometimes('a move was overtaken by the death of its node', this.wasOvertaken);
  }
}
