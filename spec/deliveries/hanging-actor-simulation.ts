import { Actor, ActorContext, Handler, inject, MoonpoolError, retry, type ContainerModule } from 'moonpool';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { DEFAULT_DELIVERY_OPTIONS, DeliveryOptions } from '../../lib/deliveries/delivery-options';
import { Alarm } from './parcels';

/** Where the clock of the store begins, which every due time is compared with. */
const ORIGIN_MS = Date.UTC(2026, 0, 1);

const PERIOD_MS = 1_500;
const HANG_MS = 20_000;
const ALARMS = ['a', 'b', 'c'];

/** As late as docs/reminders.md allows, with the way to the actor, its activation and the claim of its state besides. */
const MOST_LATE_MS = DEFAULT_DELIVERY_OPTIONS.pollMs + 500;

/** Hangs in its first turn. */
@Actor({ name: 'Statue' })
export class Statue {
  private isHewn = false;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async regard(): Promise<void> {
    if (this.isHewn) return;
    this.isHewn = true;
    await this.context.time.sleep(HANG_MS);
  }
}

/** Needs something to become active that is away for longer than the test. */
@Actor({ name: 'Invalid' })
export class Invalid {
  async onActivate(): Promise<void> {
    throw new MoonpoolError('STORAGE_UNAVAILABLE', { message: 'the archive is away' });
  }
  @Handler() async visit(): Promise<void> {}
}

/** Places that few messages fill. */
const fewPlaces: ContainerModule = {
  name: 'few places',
  load: (bind) => bind(DeliveryOptions).toValue({ ...DEFAULT_DELIVERY_OPTIONS, maxUnderWay: 16 }),
};

/** There is much for actors that hang or cannot be reached, and reminders of others are due meanwhile. */
export class HangingActorSimulation {
  static readonly actors = [Statue, Invalid, Alarm];
  static readonly modules = [fewPlaces];

  @SimulationTest(4, { nodes: 2, clients: 1, chaos: 'calm' })
  async whoHangsKeepsNobodyElseWaiting(cluster: SimulatedCluster): Promise<void> {
    let hungAt = Number.POSITIVE_INFINITY;
    cluster.onEvent(
      ({ fields, at }) => {
        if (fields['method'] === 'regard') hungAt = Math.min(hungAt, at);
      },
      ['turn-start'],
    );
    const statue = cluster.client().actor(Statue, 'atlas');
    for (let count = 0; count < 60; count++)
      await statue.$deliver.$with({ delayMs: cluster.random.below(200) }).regard();
    while (!Number.isFinite(hungAt)) await cluster.sleep(20);
    await expectAlarms(cluster, hungAt + HANG_MS);
  }

  // In the third the client itself still brings a message when the body ends.
  @SimulationTest([1, 2, 1_795_823_000_217], { nodes: 2, clients: 1, chaos: 'calm' })
  async whoCannotBeReachedKeepsNobodyElseWaiting(cluster: SimulatedCluster): Promise<void> {
    const client = cluster.client();
    for (let key = 0; key < 60; key++)
      await client
        .actor(Invalid, key)
        .$deliver.$with({ delayMs: cluster.random.below(200) })
        .visit();
    await cluster.sleep(200);
    await expectAlarms(cluster, cluster.now + HANG_MS);
  }
}

/** Alarms ring in time until then. */
async function expectAlarms(cluster: SimulatedCluster, until: number): Promise<void> {
  const begun = new Map<string, number[]>();
  cluster.onEvent(
    ({ fields, at }) => {
      const actor = String(fields['actor']);
      if (String(fields['method']).startsWith('$reminder/')) begun.set(actor, [...(begun.get(actor) ?? []), at]);
    },
    ['turn-start'],
  );
  const client = cluster.client();
  const alarms = ALARMS.map((key) => client.actor(Alarm, key));
  for (const alarm of alarms) await retry(() => alarm.set(1, PERIOD_MS, 500));
  await cluster.sleep(until - cluster.now);
  for (const alarm of alarms) {
    const { path } = alarm.$id;
    const { rings } = await retry(() => alarm.rings());
    cluster.sometimes('alarms ring while an actor hangs', rings.length >= HANG_MS / PERIOD_MS - 3);
    rings.forEach(({ dueAt }, index) => {
      const lateMs = (begun.get(path)?.[index] ?? Number.POSITIVE_INFINITY) - (dueAt - ORIGIN_MS);
      if (lateMs > MOST_LATE_MS) throw new Error(`${path} rang ${Math.round(lateMs)} ms late while another actor hung`);
    });
    if (rings.length < HANG_MS / PERIOD_MS - 5) throw new Error(`${path} rang ${rings.length} times only`);
    await retry(() => alarm.turnOff());
  }
}
