import type { OnMigrate } from '../actor/hooks';
import type { Location } from '../directory/location-cache';
import type { Registration } from '../directory/actor-directory';
import { reasonOf } from '../errors/reason-of';
import { formatNodeId } from '../identity/node-id';
import type { Departures, LeavingActivation } from '../migration/departures';
import type { Destinations } from '../migration/destinations';
import type { EventLog } from '../observability/event-log';
import type { RefusalLog } from '../observability/refusal-log';
import type { ACTIVATION_METRICS } from '../observability/metric-catalogue';
import type { Bound } from '../observability/metrics';
import type { TimeLimits } from '../providers/time-limits';
import { ByteWriter } from '../serialization/byte-writer';
import type { Serializer } from '../serialization/serializer';
import { writeNamed } from '../serialization/uncarried-value';
import type { DurableState } from '../turns/durable-state';
import type { Hook } from '../turns/hook-request';
import { lifecycleTimeout } from './activation-failure';
import type { ActivationRegistrar } from './activation-registrar';

/** The activation that moves; it takes no more turns. */
interface MovingActivation extends LeavingActivation {
  readonly durable: DurableState;
  readonly instance: object | undefined;
  runHook(hook: Hook, limitMs: number, code: () => unknown): Promise<void>;
}

/** What a move needs from the node. */
export interface ActivationMoveParts {
  readonly destinations: Destinations;
  readonly departures: Departures;
  readonly registrar: Pick<ActivationRegistrar, 'depart' | 'departed'>;
  readonly serializer: Serializer;
  readonly limits: TimeLimits;
  readonly deactivationLimitMs: number;
  readonly events: EventLog;
  readonly counters: Bound<typeof ACTIVATION_METRICS>;
  readonly refusals: RefusalLog;
}

/** The move of one activation to another node. Whatever goes wrong with it, the activation ends as any other, and nothing is thrown. */
export class ActivationMove {
  /** The actor is active on another node, and has what it took along. */
  hasSucceeded = false;
  /** Where the actor is since then, though perhaps without what it was to take along; undefined when it did not move. */
  place: Registration | undefined;
  /** It has something in memory that it would take along. */
  private hasMemory = false;
  private state: Uint8Array | undefined;
  private failure: unknown;

  /** @param to undefined: placement chooses when it is time. */
  constructor(private to: Location | undefined) {}

  /** What the actor had in memory is lost. One that has nothing there loses nothing: its next call finds it elsewhere. */
  get hasLost(): boolean {
    return this.hasMemory && !this.hasSucceeded;
  }

  /** Where it goes is known, and what it takes along is taken down. */
  async prepare(activation: MovingActivation, parts: ActivationMoveParts): Promise<void> {
    const { target, id } = activation;
    const { destinations, limits, events, deactivationLimitMs } = parts;
    this.hasMemory = (activation.instance as Partial<OnMigrate<unknown>> | undefined)?.onDehydrate !== undefined;
    try {
      this.to ??= destinations.of(target, undefined);
      if (events.enabled)
        events.record('migrate-begin', { actor: target.path, activation: id, to: formatNodeId(this.to.node) });
      await limits.within(deactivationLimitMs, this.dehydrate(activation, parts), () =>
        lifecycleTimeout(target, 'did not say what it takes along', deactivationLimitMs),
      );
    } catch (error) {
      this.failure = error;
    }
  }

  private async dehydrate(activation: MovingActivation, parts: ActivationMoveParts): Promise<void> {
    // What the state in memory rests on is durable before that state is read.
    await activation.durable.settled();
    const actor = activation.instance as Partial<OnMigrate<unknown>>;
    if (actor.onDehydrate === undefined) return;
    let given: unknown;
    await activation.runHook('onDehydrate', parts.deactivationLimitMs, async () => {
      given = await actor.onDehydrate?.();
    });
    // At once: what is changed from here on is not taken along.
    const writer = new ByteWriter(256);
    writeNamed(`What onDehydrate of ${activation.target.path} gives`, given, parts.serializer, writer);
    this.state = writer.take();
  }

  /** Resolves to where the actor is, or undefined when it has not moved. @param isSound false: it did not end in order. */
  async handOver(
    activation: MovingActivation,
    parts: ActivationMoveParts,
    isSound: boolean,
  ): Promise<Registration | undefined> {
    const { to, failure, state } = this;
    if (to === undefined || failure !== undefined || !isSound) {
      this.note(activation, parts, failure ?? 'it did not end in order');
      return undefined;
    }
    parts.registrar.depart(activation.target.path, activation.id);
    try {
      const { place, isCarried } = await parts.departures.send(activation, state, to);
      parts.registrar.departed(activation.target.path, activation.id);
      this.hasSucceeded = isCarried;
      this.place = place;
      this.note(activation, parts, isCarried ? undefined : 'what it takes along has not arrived');
      return place;
    } catch (error) {
      this.note(activation, parts, error);
      return undefined;
    }
  }

  /** @param why it did not succeed; undefined when it did. */
  private note(
    { target, id }: MovingActivation,
    { events, counters, refusals }: ActivationMoveParts,
    why: unknown,
  ): void {
    const outcome = this.hasSucceeded ? 'moved' : 'failed';
    counters.migrated.of(outcome).value++;
    if (events.enabled) events.record('migrate-end', { actor: target.path, activation: id, outcome });
    if (!this.hasLost) return;
    const { path: actor } = target;
    const error = typeof why === 'string' ? why : reasonOf(why);
    const said = 'an actor could not take its state in memory to another node, and has ended';
    refusals.note(said, actor, () => ({ fields: { actor, error } }));
  }
}
