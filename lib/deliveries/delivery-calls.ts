import { BoundReferences } from '../actor/bound-references';
import type { EveryCallOption } from '../actor/call-options';
import { VIRTUAL } from '../addressing/virtual-addressing';
import type { CallTarget, Invocation } from '../calls/invocation';
import { isMoonpoolError } from '../errors/moonpool-error';
import type { ReferencePort } from '../calls/reference-port';
import { ActorId } from '../identity/actor-id';
import type { MessageBus } from '../messaging/message-bus';
import type { HandlerDescriptor, KnownActors } from '../metadata/actor-descriptor';
import { handlerByName } from '../metadata/unknown-handler';
import type { TimeProvider } from '../providers/time-provider';
import type { Serializer } from '../serialization/serializer';
import type { AttemptOutcome } from './attempt-outcome';
import type { DeliveryRecord } from './delivery-record';
import { methodOfReminder } from '../actor/reminder';
import { type ReminderFiring } from './reminder-firing';
import type { Occurrence } from './schedule';

/** What is needed to make the calls of deliveries. */
export interface DeliveryCallsParts {
  readonly bus: MessageBus;
  readonly serializer: Serializer;
  readonly references: ReferencePort;
  /** The classes that this process knows; deliveries may be for others. */
  readonly known: KnownActors;
  readonly time: TimeProvider;
}

/** For how long a class that remembers nothing is taken for one: the next release of the cluster may give it a durable state. */
const FORGETFUL_MS = 60_000;

/** Makes the call that a delivery is: an ordinary one, with a key by which it is executed once, however often it is made. */
export class DeliveryCalls {
  /** The classes whose actors remember nothing, and until when that is believed. */
  private readonly forgetful = new Map<string, number>();
  private readonly end = new AbortController();

  constructor(private readonly parts: DeliveryCallsParts) {}

  /** This process ends: what fails says nothing of the delivery. */
  get hasGivenUp(): boolean {
    return this.end.signal.aborted;
  }

  /** Ends those that are under way, and all that come: this process ends, and whoever has its part of what is due makes them again. */
  giveUp(): void {
    this.end.abort();
  }

  /**
   * Never throws.
   * @param occurrence the due time that it is for.
   * @param mayRepeat whether a call that has failed keeps its place and is repeated, or is left to the schedule in the store.
   */
  async attempt(record: DeliveryRecord, occurrence: Occurrence, mayRepeat: () => boolean): Promise<AttemptOutcome> {
    try {
      const answer = await this.call(record, occurrence, mayRepeat);
      if (record.reminder !== undefined && answer === 'not-set') return { kind: 'not-set' };
      return { kind: 'executed', isRemembered: this.isRemembered(record) };
    } catch (error) {
      const isKnown = record.reminder !== undefined && isMoonpoolError(error, 'IDEMPOTENCY_KEY_REUSED');
      return isKnown ? { kind: 'brought-before' } : { kind: 'failed', error, isRemembered: this.isRemembered(record) };
    }
  }

  /** By actors whose class is not known to remember nothing. */
  private isRemembered({ target }: DeliveryRecord): boolean {
    return !this.isForgetful(ActorId.parse(target).type);
  }

  private isForgetful(type: string): boolean {
    return (this.forgetful.get(type) ?? -Infinity) > this.parts.time.now();
  }

  private call(record: DeliveryRecord, occurrence: Occurrence, isWorthRepeating: () => boolean): Promise<unknown> {
    const { serializer, references } = this.parts;
    const id = ActorId.parse(record.target);
    const target = this.targetOf(id);
    const reader = new BoundReferences(references);
    const args = serializer.read(record.args, reader) as readonly unknown[];
    const { reminder } = record;
    const values = record.values === undefined ? undefined : serializer.read(record.values, reader);
    const options: EveryCallOption = {
      timeoutMs: undefined,
      signal: this.end.signal,
      context: values as Readonly<Record<string, unknown>> | undefined,
      idempotencyKey: undefined,
    };
    const key = keyOf(record, occurrence);
    const asked = { target, options, scope: undefined, isWorthRepeating, delivery: key };
    if (reminder === undefined) {
      const handler = this.handlerOf(id, record.method);
      return this.once(key, { ...asked, handler, args });
    }
    const { name, setting } = reminder;
    const firing: ReminderFiring = { name, setting, ...occurrence, ...(args.length === 0 ? {} : { data: args[0] }) };
    const handler = this.ofClass(id, methodOfReminder(name));
    return this.once(key, { ...asked, handler, args: [firing] });
  }

  /** Under its key where the actor can remember keys; of another, which says so and executes nothing, it is at least once. */
  private async once(idempotencyKey: string, invocation: Invocation): Promise<unknown> {
    const { bus } = this.parts;
    const { type } = invocation.target.id;
    if (!this.isForgetful(type)) {
      try {
        return await bus.call({ ...invocation, options: { ...invocation.options, idempotencyKey } });
      } catch (error) {
        if (!isMoonpoolError(error, 'NOT_IDEMPOTENT')) throw error;
        // There are no more of them than classes of actors.
        this.forgetful.set(type, this.parts.time.now() + FORGETFUL_MS);
      }
    }
    return bus.call(invocation);
  }

  /** An actor of a class that this process does not know is called all the same: whoever hosts it says what it has. */
  private targetOf(id: ActorId): CallTarget {
    return { id, address: undefined, addressing: this.parts.known.get(id.type)?.addressing ?? VIRTUAL };
  }

  private handlerOf({ type }: ActorId, method: string): HandlerDescriptor {
    const timeoutMs = this.parts.known.get(type)?.handlers.get(method)?.options.timeoutMs;
    const handler = this.ofClass({ type }, method);
    return timeoutMs === undefined ? handler : { ...handler, options: { timeoutMs } };
  }

  /** The call is as one of this process: an actor of an earlier version goes on in the one that it has. */
  private ofClass({ type }: Pick<ActorId, 'type'>, method: string): HandlerDescriptor {
    return { ...handlerByName(method), classVersion: this.parts.known.get(type)?.version };
  }
}

/** A message is executed once, and a reminder once for each due time; again only when its handler has ended with an error. */
function keyOf({ key, reminder, executions }: DeliveryRecord, { dueAt }: Occurrence): string {
  const ofDueTime = reminder === undefined ? key : `${key}@${dueAt}`;
  return executions === 0 ? ofDueTime : `${ofDueTime}~${executions}`;
}
