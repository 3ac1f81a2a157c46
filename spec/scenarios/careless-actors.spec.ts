import {
  Actor,
  ActorContext,
  ActorState,
  Handler,
  inject,
  isMoonpoolError,
  Persist,
  type ActorTimer,
  type OnDeactivate,
  retry,
} from 'moonpool';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { settle } from './settled-calls';
import { PATIENCE } from './patience';

const KEYS = ['s1', 's2', 's3'];

class Ledger {
  count = 0;
  /** How often the actor has written on its way out. */
  farewells = 0;
  junk: unknown;
}

/** Does what its author should not: forgets to wait, writes several times at once, stores what cannot be stored, cancels in its own tick. */
@Actor({ name: 'Sloppy', idleTimeoutMs: 300 })
class Sloppy implements OnDeactivate {
  @Persist(Ledger) private readonly ledger!: ActorState<Ledger>;
  private ticks = 0;
  private timer: ActorTimer | undefined;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  /** The answer waits for what nobody here waits for. */
  @Handler() async forgetToWait(): Promise<number> {
    const count = ++this.ledger.value.count;
    void this.ledger.persist().catch(() => undefined);
    return count;
  }

  @Handler() async writeOftenAtOnce(): Promise<number> {
    const count = ++this.ledger.value.count;
    await Promise.all([this.ledger.persist(), this.ledger.persist(), this.ledger.persist()]);
    return count;
  }

  /** What cannot be stored ends the activation, and nothing of the change may stay. */
  @Handler() async storeNonsense(): Promise<void> {
    this.ledger.value.count += 1_000_000;
    this.ledger.value.junk = () => undefined;
    await this.ledger.persist();
  }

  @Handler() async tickThrice(): Promise<void> {
    this.timer?.cancel();
    this.ticks = 0;
    const timer = this.context.timer(
      () => {
        if (++this.ticks === 3) timer.cancel();
        if (this.ticks > 3) throw new RangeError('a cancelled timer ticks');
      },
      { everyMs: 20 },
    );
    this.timer = timer;
  }

  @Handler() async dawdle(ms: number): Promise<void> {
    await this.context.time.sleep(ms);
  }

  @Handler({ readOnly: true }) async count(): Promise<number> {
    return this.ledger.value.count;
  }

  async onDeactivate(): Promise<void> {
    this.ledger.value.farewells++;
    await this.ledger.persist();
  }
}

/** Actors that are badly written get what the guarantees say all the same. */
export class CarelessActorsSimulation {
  static readonly actors = [Sloppy];

  /** In the last seed a request is rejected whose connection has ended, which must leave nothing behind. */
  @SimulationTest([...Array.from({ length: 8 }, (_, index) => index + 1), 1_795_700_991], {
    nodes: 3,
    clients: 3,
    chaos: 'hostile',
  })
  async carelessnessLosesNothingThatWasAcknowledged(cluster: SimulatedCluster): Promise<void> {
    const acknowledged = new Map<string, number>();
    await Promise.all(Array.from({ length: cluster.clientCount }, (_, index) => disturb(cluster, index, acknowledged)));
    await cluster.quiesce();
    for (const key of KEYS) {
      const count = await retry(() => cluster.client().actor(Sloppy, key).count(), PATIENCE);
      const least = acknowledged.get(key) ?? 0;
      if (count < least) throw new Error(`${key} acknowledged ${least} and has ${count}`);
      if (count >= 1_000_000) throw new Error(`${key} kept ${count} of a change that could not be stored`);
    }
  }
}

async function disturb(cluster: SimulatedCluster, client: number, acknowledged: Map<string, number>): Promise<void> {
  const { random } = cluster;
  for (let round = 0; round < 20; round++) {
    const key = KEYS[random.below(KEYS.length)] as string;
    const controller = new AbortController();
    const sloppy = cluster
      .client(client)
      .actor(Sloppy, key)
      .$with({ timeoutMs: 5_000, ...(random.below(4) === 0 ? { signal: controller.signal } : {}) });
    const calls = Array.from({ length: 1 + random.below(5) }, () => ask(random.below(7), sloppy, random.below(80)));
    const ends = settle(calls);
    await cluster.sleep(random.below(40));
    controller.abort();
    for (const end of await ends) {
      if (isMoonpoolError(end))
        cluster.sometimes('what cannot be stored is refused', end.code === 'UNSERIALIZABLE_VALUE');
      else if (typeof end === 'number') acknowledged.set(key, Math.max(acknowledged.get(key) ?? 0, end));
    }
    await cluster.sleep(random.below(400));
  }
}

async function ask(
  what: number,
  sloppy: {
    [
      M in keyof Pick<Sloppy, 'forgetToWait' | 'writeOftenAtOnce' | 'storeNonsense' | 'tickThrice' | 'dawdle'>
    ]: Sloppy[M];
  },
  ms: number,
): Promise<number | void> {
  if (what < 2) return sloppy.forgetToWait();
  if (what < 4) return sloppy.writeOftenAtOnce();
  if (what === 4) return sloppy.tickThrice();
  if (what === 5) return sloppy.dawdle(ms);
  try {
    return await sloppy.storeNonsense();
  } catch (error) {
    // The handler lets it through: it is the answer of a turn that ran, or the call did not get so far.
    if (isMoonpoolError(error, 'HANDLER_FAILED') && isMoonpoolError(error.cause, 'UNSERIALIZABLE_VALUE'))
      throw error.cause;
    throw error;
  }
}
