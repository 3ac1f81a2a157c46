import type { ActorReference } from 'moonpool';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { Listener, Room } from './observers-fixture';

const keyOf = (listener: ActorReference<Listener>): string => String(listener.$id.key);

/** Rooms move and die, nodes too; whoever listens and renews is told again, nobody hears what was not said, and nothing twice. */
export class ObserverSimulation {
  static readonly actors = [Room];
  static readonly observers = [Listener];

  /** The last seed: a room that was let go of more often than its listeners renewed. */
  @SimulationTest([...Array.from({ length: 30 }, (_, index) => index + 1), 1_795_701_049], {
    nodes: 3,
    clients: 2,
    chaos: 'hostile',
  })
  async listenersAreToldAgain(cluster: SimulatedCluster): Promise<void> {
    const rooms = [cluster.client(0).actor(Room, 'hall'), cluster.client(1).actor(Room, 'hall')] as const;
    const said = new Set<string>();
    const listeners = [new Listener(), new Listener()] as const;
    const join = (client: 0 | 1) =>
      cluster.client(client).observe(
        listeners[client],
        (me) =>
          rooms[client]
            .$with({ timeoutMs: 2_000 })
            .join(keyOf(me))
            .catch(() => undefined),
        { renewMs: 500 },
      );
    const observations = [await join(0), await join(1)];
    for (let line = 0; line < 20; line++) {
      const text = `line ${line}`;
      said.add(text);
      const told = await rooms[0]
        .$with({ timeoutMs: 3_000 })
        .say(text)
        .catch(() => undefined);
      cluster.sometimes('both are told', told === 2);
      cluster.sometimes('somebody is not told', told === 0 || told === 1);
      await cluster.sleep(cluster.random.below(600));
    }
    await cluster.quiesce();
    for (let attempt = 0; ; attempt++) {
      const last = `last ${attempt}`;
      said.add(last);
      const told = await rooms[0].say(last).catch(() => 0);
      if (told === 2) break;
      if (attempt > 60) throw new Error(`after a minute of calm ${told} of 2 listeners are told`);
      await cluster.sleep(1_000);
    }
    for (const { heard } of listeners) {
      const unsaid = heard.filter((line) => !said.has(line));
      if (unsaid.length > 0) throw new Error(`heard what nobody said: ${unsaid.join(', ')}`);
      if (new Set(heard).size !== heard.length) throw new Error(`heard something twice: ${heard.join(', ')}`);
    }
    await Promise.all(observations.map((observation) => observation.end()));
    if ((await rooms[0].say('to nobody')) !== 0) throw new Error('somebody heard it who has ended');
  }
}
