import { DELIVER_OPTIONS, type DeliverOptions } from '../actor/deliver-options';
import { describeInvocation, timeLimitOf, type Invocation } from '../calls/invocation';
import { valuesOf } from '../messaging/call-inheritance';
import { promised } from '../concurrency/promised';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { DELIVERY_METRICS } from '../observability/metric-catalogue';
import type { Bound } from '../observability/metrics';
import type { RandomProvider } from '../providers/random-provider';
import { TimeLimits } from '../providers/time-limits';
import type { TimeProvider } from '../providers/time-provider';
import { argumentForms } from '../serialization/argument-form';
import { ByteWriter } from '../serialization/byte-writer';
import type { Serializer } from '../serialization/serializer';
import { toTagged } from '../serialization/tagged-value';
import { uncarriedArguments } from '../serialization/uncarried-value';
import type { StateStorage } from '../storage/state-storage';
import type { Due, NewDelivery } from '../storage/stored-delivery';
import { messageId, namedMessageId, randomName } from './delivery-id';
import type { DeliveryOptions } from './delivery-options';
import { encodeDelivery } from './delivery-record';
import type { DeliverySender, PromptDelivery } from './delivery-sender';
import { slotOf } from './ring';

/** What is needed to make deliveries of messages. */
export interface MessageDeliveriesParts {
  readonly storage: StateStorage;
  readonly serializer: Serializer;
  readonly sender: DeliverySender;
  readonly options: DeliveryOptions;
  readonly random: RandomProvider;
  readonly time: TimeProvider;
  /** How long the store may take, unless the call or its handler says otherwise, in milliseconds. */
  readonly callTimeoutMs: number;
  readonly counters: Bound<typeof DELIVERY_METRICS>;
  /** How large what a message carries may be, in bytes: it travels in one packet. */
  readonly maxBytes: number;
}

/** Takes messages that must arrive: into the outbox of the turn that sends them, or into the store. */
export class MessageDeliveries {
  private isStopped = false;
  private readonly limits: TimeLimits;

  constructor(private readonly parts: MessageDeliveriesParts) {
    this.limits = new TimeLimits(parts.time);
  }

  /** The runtime has ended: no more messages are taken. */
  stop(): void {
    this.isStopped = true;
  }

  /**
   * In a turn whose actor has something durable, the message goes with the turn's next commit, and the promise is resolved at once; what is
   * wrong with the message is thrown at once too, so that the turn fails though nobody awaits it. Otherwise resolves when the store holds the message.
   * @throws MoonpoolError UNSERIALIZABLE_VALUE, PACKET_TOO_LARGE, HEADER_TOO_LARGE, INVALID_OPTION; rejects with RUNTIME_NOT_READY and STORAGE_UNAVAILABLE too
   */
  deliver(invocation: Invocation, options: DeliverOptions): Promise<void> {
    if (this.isStopped) return Promise.reject(ended(invocation));
    const outbox = invocation.scope?.outbox;
    if (outbox === undefined) return this.keep(invocation, options);
    outbox.deliver(this.make(invocation, options));
    return Promise.resolve();
  }

  private async keep(invocation: Invocation, options: DeliverOptions): Promise<void> {
    const { storage, sender, counters } = this.parts;
    const delivery = this.make(invocation, options);
    const limitMs = timeLimitOf(invocation, this.parts.callTimeoutMs);
    const late = () => new TypeError(`it gave no answer within ${limitMs} ms`);
    try {
      await this.limits.within(
        limitMs,
        promised(() => storage.deliver([delivery])),
        late,
      );
    } catch (error) {
      throw notKept(invocation, error);
    }
    counters.kept.value++;
    // Of a name that was given, another message may be there already, which is the one that is kept.
    if (options.id === undefined) sender.afterCommit([delivery]);
  }

  private make(invocation: Invocation, options: DeliverOptions): NewDelivery | PromptDelivery {
    const { target, handler } = invocation;
    const path = target.id.path;
    DELIVER_OPTIONS.check(`$deliver.$with of ${path}`, options);
    if (!target.addressing.isHosted || target.addressing.belongsToNode) throw noAddressee(path, handler.method);
    const id = options.id === undefined ? messageId(this.parts.random) : namedMessageId(path, options.id);
    const { args, values } = this.contentOf(invocation);
    const data = encodeDelivery(id, {
      target: path,
      method: handler.method,
      args,
      values,
      key: options.id === undefined ? id : this.keyOf(invocation, options.id),
      executions: 0,
      attempts: 0,
      refusals: 0,
      dueAt: undefined,
      failure: undefined,
      reminder: undefined,
    });
    const due = this.dueOf(options);
    const slot = slotOf(path);
    if (due !== undefined) return { id, target: path, slot, due, data };
    return { id, target: path, slot, due: { inMs: this.parts.options.graceMs }, data, isPrompt: true };
  }

  /**
   * A client that does not know whether the store has its message gives it again under the same name, which then is its key. A turn knows: its
   * messages go with its commit, and each of them is one of its own, also of a name that was there before.
   */
  private keyOf({ scope }: Invocation, name: string): string {
    return scope?.outbox !== undefined ? randomName(this.parts.random) : `named/${name}`;
  }

  /** Undefined: at once. */
  private dueOf({ delayMs, at }: DeliverOptions): Due | undefined {
    if (at !== undefined) return { at: at.getTime() };
    return delayMs === undefined || delayMs === 0 ? undefined : { inMs: delayMs };
  }

  private contentOf({ target, handler, args, options, scope }: Invocation): {
    args: Uint8Array;
    values: Uint8Array | undefined;
  } {
    const { serializer, maxBytes } = this.parts;
    const values = valuesOf(options, scope);
    try {
      const writer = new ByteWriter(256);
      writer.limitTo(maxBytes);
      serializer.write(argumentForms(handler, args), writer);
      return { args: writer.take(), values: values === undefined ? undefined : written(values, serializer) };
    } catch (error) {
      throw uncarriedArguments(`the delivery ${handler.method} to ${target.id.path}`, args, error, toTagged);
    }
  }
}

/** What an engine has thrown, which may be anything, as an error of the message. Whether the store has it is not known. */
function notKept(invocation: Invocation, cause: unknown): unknown {
  if (isMoonpoolError(cause)) return cause;
  const message = `${describeInvocation(invocation)} was not taken for delivery, as far as is known: the store failed (${reasonOf(cause)})`;
  return new MoonpoolError('STORAGE_UNAVAILABLE', { message, executed: 'maybe', cause });
}

function ended(invocation: Invocation): MoonpoolError {
  const message = `${describeInvocation(invocation)} was not taken for delivery: the runtime was shut down`;
  return new MoonpoolError('RUNTIME_NOT_READY', { message, executed: 'no' });
}

/** The value as the serializer writes it. */
function written(value: unknown, serializer: Serializer): Uint8Array {
  const writer = new ByteWriter(256);
  serializer.write(value, writer);
  return writer.take();
}

function noAddressee(path: string, method: string): MoonpoolError {
  return new MoonpoolError('INVALID_OPTION', {
    message: `$deliver.${method} was called for ${path}, which lives and dies with its process, so that a message for it may find nobody for ever`,
    remedy: 'Deliver to an actor with a key, or use $send.',
  });
}
