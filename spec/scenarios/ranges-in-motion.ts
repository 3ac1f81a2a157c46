import { Actor, ActorContext, Handler, inject, retry, type OnMigrate } from 'moonpool';
import type { SimulatedCluster, SimulatedNode } from 'moonpool/simulation';
import { settle } from './settled-calls';
import { PATIENCE } from './patience';

/** Of the few more is asked than of all others together. */
const HOT = Array.from({ length: 4 }, (_, index) => `hot${index}`);
export const MANY = Array.from({ length: 150 }, (_, index) => `k${index}`);

/** Has nothing durable: that there is one of it at a time the directory alone says. Goes away, and moves, all the time. */
@Actor({ name: 'Peg' })
export class Peg implements OnMigrate<number> {
  private turns = 0;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  onDehydrate(): number {
    return this.turns;
  }

  onRehydrate(turns: number): void {
    this.turns = turns;
  }

  /** Where it is, and how many turns it has had since it was made. */
  @Handler() async touch(then: 'stay' | 'end' | 'move'): Promise<{ readonly node: string; readonly turns: number }> {
    if (then === 'end') this.context.deactivateOnIdle();
    if (then === 'move') this.context.migrateOnIdle();
    const { name, incarnation } = this.context.node;
    return { node: `${name}#${incarnation}`, turns: ++this.turns };
  }
}

/** Nodes come and go while clients ask; in the end all find each actor at one place. @param rounds how often nodes come and go. */
export async function changeHands(cluster: SimulatedCluster, rounds: number): Promise<void> {
  let isOver = false;
  const asking = Promise.all(
    Array.from({ length: cluster.clientCount }, (_, index) => askOn(cluster, index, () => isOver)),
  );
  for (let round = 0; round < rounds; round++) await disturb(cluster);
  isOver = true;
  await asking;
  await cluster.quiesce();
  await agree(cluster);
}

/** Nodes leave and come while others do, and while ranges are on their way. For clusters of three nodes or more. */
export async function disturb(cluster: SimulatedCluster): Promise<void> {
  const { random } = cluster;
  const nodes = [...cluster.nodes];
  const pick = (): SimulatedNode => nodes.splice(random.below(nodes.length), 1)[0] as SimulatedNode;
  const [one, two, three] = [pick(), pick(), pick()];
  await cluster.sleep(random.below(2_000));
  const kind = random.below(5);
  if (kind === 0) {
    // One leaves in order, and another dies while it takes ranges over from it.
    await Promise.all([cluster.shutdown(one), cluster.sleep(random.below(30)).then(() => cluster.crash(two))]);
  } else if (kind === 1) {
    // The owner of ranges and whoever would be it next.
    await Promise.all([cluster.crash(one, 'power'), cluster.crash(two, 'power')]);
  } else if (kind === 2) {
    // It stands still for longer than its lease, and its ranges are others' when it goes on.
    await cluster.pause(one, 3_000 + random.below(20_000));
    await cluster.sleep(random.below(3_000));
    await cluster.crash(two);
  } else if (kind === 3) {
    cluster.partition(one, two, random.below(15_000));
    cluster.clog(two, three, { forMs: random.below(8_000) });
    await cluster.crash(three);
  } else {
    await cluster.crash(one);
    await cluster.restart(one);
    // It has just begun to take over.
    await cluster.sleep(random.below(20));
    await cluster.crash(one);
  }
  await cluster.sleep(random.below(12_000));
  await Promise.all([one, two, three].map((node) => cluster.restart(node)));
}

async function askOn(cluster: SimulatedCluster, client: number, isOver: () => boolean): Promise<void> {
  const { random } = cluster;
  while (!isOver()) {
    const keys = Array.from({ length: 1 + random.below(8) }, () =>
      random.below(2) === 0 ? (HOT[random.below(HOT.length)] as string) : (MANY[random.below(MANY.length)] as string),
    );
    const then = (['stay', 'stay', 'end', 'move'] as const)[random.below(4)] ?? 'stay';
    await settle(keys.map((key) => cluster.client(client).actor(Peg, key).$with({ timeoutMs: 5_000 }).touch(then)));
    await cluster.sleep(random.below(150));
  }
}

/** How often an actor is asked twice until it has not ended in between: some worlds let actors rest for less time than an answer takes. */
const MOST_TRIES = 5;

/** Both clients find each actor at the same place. */
async function agree(cluster: SimulatedCluster): Promise<void> {
  const ends = new Map<unknown, number>();
  cluster.onEvent(({ fields: { actor } }) => void ends.set(actor, (ends.get(actor) ?? 0) + 1), ['deactivate']);
  for (const key of [...HOT, ...MANY.slice(0, 20)]) {
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      const endsBefore = ends.get(`simulation/Peg/${key}`);
      const first = await touched(cluster, key, 0);
      const second = await touched(cluster, key, 1);
      // More than one where an attempt was executed and its answer lost.
      if (first.node === second.node && second.turns > first.turns) break;
      if (ends.get(`simulation/Peg/${key}`) === endsBefore)
        throw new Error(
          `${key} was on ${first.node} after ${first.turns} turns, and is on ${second.node} after ${second.turns}`,
        );
    }
  }
}

/** Where an actor is, asked until it answers. */
export function touched(cluster: SimulatedCluster, key: string, client = 0): ReturnType<Peg['touch']> {
  return retry(() => cluster.client(client).actor(Peg, key).touch('stay'), PATIENCE);
}
