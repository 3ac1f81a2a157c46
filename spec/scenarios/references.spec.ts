import {
  Actor,
  ActorContext,
  ActorState,
  Handler,
  inject,
  isMoonpoolError,
  Persist,
  type ActorReference,
  retry,
} from 'moonpool';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';

class Place {
  next: ActorReference<Stop> | undefined;
}

/** A stop of a round trip: it knows the next one by a reference that it was given and has stored. */
@Actor({ name: 'Stop', idleTimeoutMs: 300 })
class Stop {
  @Persist(Place) private readonly place!: ActorState<Place>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async lead(next: ActorReference<Stop>): Promise<void> {
    this.place.value.next = next;
    await this.place.persist();
  }
  /** Follows the stored references, and gives back one to the stop that was reached. */
  @Handler() async follow(steps: number): Promise<ActorReference<Stop>> {
    const { next } = this.place.value;
    if (steps === 0 || next === undefined) return this.context.actor(Stop, this.context.keyParts as [string, number]);
    return next.follow(steps - 1);
  }
  @Handler() async number(): Promise<number> {
    return Number(this.context.keyParts[1]);
  }
}

const STOPS = 6;

const PATIENCE = {
  deadlineMs: 3_600_000,
  isWorthRepeating: (error: unknown) => isMoonpoolError(error) && error.isTransient && error.code !== 'CALL_DEADLOCK',
};

export class ReferenceSimulation {
  static readonly actors = [Stop];

  // In the last two, an actor of a node that had joined was called before the start of the node was over, and could not call others.
  @SimulationTest([...Array.from({ length: 40 }, (_, index) => index + 1), 1_795_712_441, 1_795_712_910], {
    nodes: 3,
    clients: 2,
    chaos: 'hostile',
  })
  async referencesLeadToWhomTheyMean(cluster: SimulatedCluster): Promise<void> {
    const stop = (number: number) => cluster.client().actor(Stop, ['trip', number]);
    for (let number = 0; number < STOPS; number++) {
      await retry(() => stop(number).lead(stop(number + 1)), PATIENCE);
    }
    for (let round = 0; round < 5; round++) {
      const steps = round % (STOPS + 1);
      const reached = await retry(() => stop(0).$with({ timeoutMs: 5_000 }).follow(steps), PATIENCE);
      const number = await retry(() => reached.number(), PATIENCE);
      if (number !== steps || reached.$id.parts[1] !== steps)
        throw new Error(`${steps} steps led to stop ${number} by ${reached}`);
      await cluster.sleep(400);
    }
  }
}
