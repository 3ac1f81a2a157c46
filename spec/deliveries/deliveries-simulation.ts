import { isMoonpoolError, retry, type ActorRuntime, type ActorReference } from 'moonpool';
import { Invariant, SimulationTest, type ClusterView, type SimulatedCluster } from 'moonpool/simulation';
import { Addressee, Alarm, Office, type Ring } from './parcels';

/** Where the clock of the store begins, which every due time is compared with. */
const ORIGIN_MS = Date.UTC(2026, 0, 1);

/** How many parcels each client orders. */
const PARCELS = 10;

const PERIOD_MS = 1_500;

const ALARMS = ['a', 'b'];

/** A parcel that somebody wanted to send. */
interface Order {
  readonly id: string;
  readonly askedAt: number;
  readonly delayMs: number;
  /** `yes`: the message was acknowledged. `no`: it was refused. Otherwise nobody knows. */
  acknowledged: 'yes' | 'no' | 'maybe';
}

/** Messages and reminders while nodes crash, networks part and the store stalls. */
export class DeliveriesSimulation {
  static readonly actors = [Addressee, Office, Alarm];

  /**
   * What was acknowledged arrives, once, and not too early; what was refused does not. The last seed: a message was refused for the last time when nobody looked for dead letters any more.
   */
  @SimulationTest([...Array.from({ length: 30 }, (_, index) => index + 1), 1_795_724_984], {
    nodes: 3,
    clients: 2,
    chaos: 'hostile',
  })
  async whatWasAcknowledgedArrivesOnce(cluster: SimulatedCluster): Promise<void> {
    const orders: Order[] = [];
    const arrivals = firstTurnsOf(cluster, 'receive');
    await Promise.all(
      [0, 1].map(async (index) => {
        const client = cluster.client(index);
        for (let count = 0; count < PARCELS; count++) {
          await this.order(cluster, client, `p${index}-${count}`, orders);
          await cluster.sleep(cluster.random.below(400));
        }
      }),
    );
    await cluster.quiesce();
    await this.deliverEverything(cluster);

    const client = cluster.client();
    const noted = new Set(await retry(() => client.actor(Office, 'main').sent()));
    for (const order of orders) {
      const { id, acknowledged, askedAt, delayMs } = order;
      const received = await retry(() => client.actor(Addressee, id).received());
      if (acknowledged === 'yes' && received === 0) throw new Error(`the parcel ${id} was acknowledged and is lost`);
      if (acknowledged === 'no' && received > 0) throw new Error(`the parcel ${id} was refused and arrived`);
      if (received > 1) throw new Error(`the parcel ${id} was executed ${received} times`);
      if (isOfOffice(id) && noted.has(id) !== received > 0)
        throw new Error(`the parcel ${id} ${noted.has(id) ? 'was noted and not sent' : 'was sent and not noted'}`);
      const arrivedAt = arrivals.get(id) ?? Number.POSITIVE_INFINITY;
      if (arrivedAt < askedAt + delayMs)
        throw new Error(`the parcel ${id} came ${askedAt + delayMs - arrivedAt} ms too early`);
      cluster.sometimes('nobody knows of a message whether the store has it', acknowledged === 'maybe');
    }
  }

  /**
   * An alarm rings for each due time, or says how many it has missed; never too early, and never after it was turned off.
   * The last seeds: two nodes brought due times of one reminder to its actor, in another order and with other counts of those before; a lease ended while the store was asked for a key; and a call that sets the alarm was executed twice under two keys.
   */
  @SimulationTest(
    [...Array.from({ length: 30 }, (_, index) => index + 1), 91, 1_797, 1_799, 2_535, 1_795_803_380_816],
    {
      nodes: 3,
      clients: 2,
      chaos: 'hostile',
    },
  )
  async remindersKeepTime(cluster: SimulatedCluster): Promise<void> {
    const alarms = ALARMS.map((key, index) => cluster.client(index).actor(Alarm, key).$with({ timeoutMs: 20_000 }));
    const silent = new Map<string, number>();
    await Promise.all(
      alarms.map(async (alarm, index) => {
        await setAs(alarm, 1, 500);
        await cluster.sleep(2_000 + cluster.random.below(6_000));
        const order = index === 0 ? 1 : 2;
        if (order === 2) {
          await setAs(alarm, 2, 300);
          await cluster.sleep(2_000 + cluster.random.below(4_000));
        }
        silent.set(alarm.$id.path, await retry(() => alarm.turnOff(), { deadlineMs: 120_000 }));
      }),
    );
    await cluster.quiesce();
    await cluster.sleep(4 * PERIOD_MS);
    for (const alarm of alarms) {
      const { rings, orders } = await retry(() => alarm.rings());
      const { path } = alarm.$id;
      if (rings.length !== silent.get(path)) throw new Error(`${path} rang after it was turned off`);
      if (orders.some((order, index) => order < (orders[index - 1] ?? 0)))
        throw new Error(`${path} rang as it was set before it was set again: ${orders.join(', ')}`);
      for (const order of [1, 2])
        checkSeries(
          path,
          rings.filter((_ring, index) => orders[index] === order),
        );
      cluster.sometimes(
        'an alarm misses a due time',
        rings.some(({ missed }) => missed > 0),
      );
      cluster.sometimes('an alarm rings several times', rings.length > 3);
    }
  }

  /** What is in the store was executed a moment ago, and was due by then. */
  @Invariant({ after: ['store-write-accepted'] })
  nothingRingsTooEarly(view: ClusterView): void {
    for (const key of ALARMS) {
      const ring = view.stateOf<{ readonly rings: readonly Ring[] }>(Alarm, key)?.rings.at(-1);
      if (ring !== undefined && ring.dueAt > ORIGIN_MS + view.now)
        throw new Error(`the alarm ${key} rang ${ring.dueAt - ORIGIN_MS - view.now} ms too early`);
    }
  }

  private async order(cluster: SimulatedCluster, client: ActorRuntime, id: string, orders: Order[]): Promise<void> {
    const delayMs = cluster.random.below(3) === 0 ? cluster.random.below(3_000) : 0;
    const goesByOffice = cluster.random.below(2) === 0;
    const order: Order = {
      id: goesByOffice ? `office-${id}` : id,
      askedAt: cluster.now,
      delayMs,
      acknowledged: 'maybe',
    };
    orders.push(order);
    try {
      if (goesByOffice) await client.actor(Office, 'main').$with({ timeoutMs: 8_000 }).send(order.id, delayMs);
      else await client.actor(Addressee, order.id).$deliver.$with({ delayMs, id: 'parcel' }).receive();
      order.acknowledged = 'yes';
    } catch (error) {
      // A handler that throws takes back what it has decided.
      if (!isMoonpoolError(error)) order.acknowledged = 'no';
    }
  }

  /** Waits until the store holds nothing more, and gives those another chance that were refused too often. */
  private async deliverEverything(cluster: SimulatedCluster): Promise<void> {
    const letters = cluster.client().deadLetters();
    for (let isCalm = false; !isCalm;) {
      // The longest wait between two attempts, of those that were tried often while everything failed.
      await cluster.sleep(60_000);
      isCalm = true;
      for await (const { id } of letters) {
        cluster.sometimes('a message becomes a dead letter', true);
        await letters.resend(id);
        isCalm = false;
      }
    }
  }
}

function isOfOffice(id: string): boolean {
  return id.startsWith('office-');
}

/** When the first turn of each actor began that was of the handler, by the keys of the actors. */
function firstTurnsOf(cluster: SimulatedCluster, method: string): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  cluster.onEvent(
    ({ fields, at }) => {
      const key = String(fields['actor']).split('/').at(-1) ?? '';
      if (fields['method'] === method && !first.has(key)) first.set(key, at);
    },
    ['turn-start'],
  );
  return first;
}

/** Under one key, for of two calls both might be executed, and each would set another alarm. */
async function setAs(alarm: ActorReference<Alarm>, order: number, firstMs: number): Promise<void> {
  const keyed = alarm.$with({ idempotencyKey: `set ${order}` });
  await retry(() => keyed.set(order, PERIOD_MS, firstMs), { deadlineMs: 120_000 });
}

/** Between two rings lie whole periods, and no more of them than the later one says. */
function checkSeries(path: string, rings: readonly Ring[]): void {
  const inOrder = [...rings].sort((a, b) => a.dueAt - b.dueAt);
  inOrder.forEach(({ dueAt, missed }, index) => {
    const before = inOrder[index - 1];
    if (before === undefined) return;
    const periods = (dueAt - before.dueAt) / PERIOD_MS;
    if (!Number.isInteger(periods) || periods < 1)
      throw new Error(`${path} rang ${dueAt - before.dueAt} ms after it had rung, with the period ${PERIOD_MS}`);
    if (periods > missed + 1) throw new Error(`${path} has missed ${periods - 1} due times, and was told of ${missed}`);
  });
}
