import { Actor, ActorContext, ActorState, Handler, inject, isMoonpoolError, Persist, retry } from 'moonpool';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { PATIENCE } from './patience';

/** Longer than a shutdown waits for turns to end. */
const LONG_MS = 45_000;

class Work {
  begun = 0;
  done = 0;
}

@Actor({ name: 'Slowpoke' })
class Slowpoke {
  @Persist(Work) private readonly work!: ActorState<Work>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler({ timeoutMs: 120_000 }) async toil(ms: number): Promise<number> {
    this.work.value.begun++;
    await this.work.persist();
    await this.context.time.sleep(ms);
    this.work.value.done++;
    await this.work.persist();
    return this.work.value.done;
  }

  @Handler({ readOnly: true, timeoutMs: 120_000 }) async books(): Promise<{ begun: number; done: number }> {
    const { begun, done } = this.work.value;
    return { begun, done };
  }
}

/** Shutdowns that cannot wait for turns which take longer than a drain may: those are cut off, and nobody learns otherwise. */
export class DrainsCutShortSimulation {
  static readonly actors = [Slowpoke];

  @SimulationTest(20, { nodes: 3, clients: 2, chaos: 'default', maxDead: 1 })
  async whatIsCutOffIsToldHonestly(cluster: SimulatedCluster): Promise<void> {
    const keys = Array.from({ length: 8 }, (_, index) => `s${index}`);
    const ends = Promise.all(
      keys.map(async (key, index) => {
        const ms = index % 2 === 0 ? LONG_MS + cluster.random.below(10_000) : cluster.random.below(8_000);
        const slowpoke = cluster.client(index % cluster.clientCount).actor(Slowpoke, key);
        return {
          key,
          end: await slowpoke.toil(ms).then(
            (done) => ({ done, error: undefined }),
            (error: unknown) => ({ done: 0, error }),
          ),
        };
      }),
    );
    await cluster.sleep(500 + cluster.random.below(1_000));
    for (const node of cluster.nodes.slice(0, 2)) {
      await cluster.shutdown(node);
      await cluster.restart(node);
    }
    for (const { key, end } of await ends) {
      if (end.error !== undefined && !isMoonpoolError(end.error)) throw end.error;
      const executed = isMoonpoolError(end.error) ? end.error.executed : undefined;
      cluster.sometimes('a turn was cut off, and its caller learned that nobody knows', executed === 'maybe');
      cluster.sometimes('a turn ended before its node did', end.done > 0);
      const { begun, done } = await retry(() => cluster.client().actor(Slowpoke, key).books(), PATIENCE);
      if (executed === 'no' && begun > 0) throw new Error(`${key} was told 'no', and has begun ${begun} times`);
      if (end.done > done) throw new Error(`${key} acknowledged ${end.done}, and has done ${done}`);
      if (begun > 1) throw new Error(`${key} was called once and has begun ${begun} times`);
    }
  }
}
