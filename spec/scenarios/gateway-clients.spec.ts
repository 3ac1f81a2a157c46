import { Actor, ActorRuntime, gateways, Handler, Persist, retry, type ActorState } from 'moonpool';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { PATIENCE } from './patience';

const KEYS = 4;
const ENTRIES = 15;
/** How often, and how long after one another, it is looked whether the last messages have come, in milliseconds. */
const [LOOKS, LOOK_MS] = [120, 500];

class Entries {
  entries: string[] = [];
}

/** Keeps what it is told; whoever repeats is not heard twice. */
@Actor({ name: 'Ledger', persist: 'after-turn' })
class Ledger {
  @Persist(Entries) private readonly kept!: ActorState<Entries>;

  @Handler({ idempotent: true }) async enter(entry: string): Promise<number> {
    return this.kept.value.entries.push(entry);
  }

  @Handler() async note(entry: string): Promise<void> {
    this.kept.value.entries.push(entry);
  }

  @Handler({ readOnly: true }) async entries(): Promise<string[]> {
    return this.kept.value.entries;
  }
}

/**
 * Clients that do not reach the store and ask gateways instead, while these and all between them come and go: what is acknowledged is there once, and what ended
 * with `no` is not there.
 */
export class GatewayClientsSimulation {
  static readonly actors = [Ledger];

  @SimulationTest([...Array.from({ length: 20 }, (_, index) => index + 1), 1_795_812_483_948], {
    nodes: 3,
    clients: 0,
    chaos: 'hostile',
  })
  async whoeverAsksGatewaysIsAnsweredTruly(cluster: SimulatedCluster): Promise<void> {
    const { name, transport, modules } = cluster.host('office').boot();
    const addresses = cluster.nodes.map(({ address }) => address);
    const client = await retry(
      () =>
        ActorRuntime.connect({
          ...{ name, transport },
          ...{ namespace: 'simulation', actors: [Ledger], inProcess: false },
          modules: [...modules, gateways({ addresses })],
        }),
      PATIENCE,
    );
    const refused = new Set<string>();
    const answered = new Set<string>();
    const ask = async (key: number): Promise<void> => {
      const ledger = client.actor(Ledger, `ledger-${key}`).$with({ timeoutMs: 4_000 });
      for (let index = 0; index < ENTRIES; index++) {
        const once = `${key}.${index}`;
        await retry(() => ledger.$with({ idempotencyKey: once }).enter(once), PATIENCE);
        answered.add(once);
        const message = `${once} by message`;
        await retry(() => ledger.$deliver.$with({ id: message }).enter(message), PATIENCE);
        answered.add(message);
        const plain = `plain ${once}`;
        try {
          await ledger.note(plain);
          answered.add(plain);
        } catch (error) {
          if ((error as { executed?: string }).executed === 'no') refused.add(plain);
          cluster.sometimes('a call through gateways is not answered', true);
        }
        await cluster.sleep(cluster.random.below(400));
      }
    };
    await Promise.all(Array.from({ length: KEYS }, (_, key) => ask(key)));
    await cluster.quiesce();
    for (let key = 0; key < KEYS; key++) {
      const wanted = [...answered].filter((entry) => new RegExp(`^(plain )?${key}\\.`).test(entry));
      let found: readonly string[] = [];
      // Messages are delivered when the faults are over, and not at once.
      for (let look = 0; look < LOOKS && !wanted.every((entry) => found.includes(entry)); look++) {
        found = await retry(() => client.actor(Ledger, `ledger-${key}`).entries(), PATIENCE);
        await cluster.sleep(LOOK_MS);
      }
      const wrong = {
        lost: wanted.filter((entry) => !found.includes(entry)),
        twice: found.filter((entry, index) => found.indexOf(entry) !== index),
        refused: found.filter((entry) => refused.has(entry)),
      };
      for (const [what, entries] of Object.entries(wrong))
        if (entries.length > 0) throw new Error(`of the entries of ledger-${key} are ${what}: ${entries.join()}`);
    }
    await client.shutdown();
  }
}
