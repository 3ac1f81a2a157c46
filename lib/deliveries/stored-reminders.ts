import {
  MAX_REMINDER_NAME_BYTES,
  periodMs,
  REMINDER_OPTIONS,
  type DueReminder,
  type ReminderOptions,
  type SetReminder,
  methodOfReminder,
  reminderOfMethod,
} from '../actor/reminder';
import type { Outbox } from '../calls/outbox';
import type { CallScope } from '../calls/request';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { ReminderRecord } from '../metadata/actor-record';
import { callDeclared } from '../metadata/declared-method';
import type { HandlerDescriptor } from '../metadata/actor-descriptor';
import { ownWork } from '../metadata/own-work';
import { label, mandatory } from '../options/option-kind';
import { checkArguments } from '../options/option-table';
import type { RandomProvider } from '../providers/random-provider';
import type { TimeProvider } from '../providers/time-provider';
import { ByteWriter } from '../serialization/byte-writer';
import type { Serializer } from '../serialization/serializer';
import { toTagged } from '../serialization/tagged-value';
import { uncarried } from '../serialization/uncarried-value';
import type { StateStorage } from '../storage/state-storage';
import type { Due } from '../storage/stored-delivery';
import type { ActorReminders, ReminderOwner, Reminders } from '../turns/actor-reminders';
import type { Turn } from '../turns/turn';
import { checkCron } from './cron-pattern';
import { randomName, reminderId } from './delivery-id';
import { encodeDelivery, type ReminderPart } from './delivery-record';
import { firingOf } from './reminder-firing';
import { ReminderMemory, type ReminderVerdict, type StoredReminder } from './reminder-memory';
import { slotOf } from './ring';
import type { Schedule } from './schedule';

/** What reminders need from their node. */
export interface StoredRemindersParts {
  readonly storage: StateStorage;
  readonly serializer: Serializer;
  readonly time: TimeProvider;
  readonly random: RandomProvider;
  /** How large the data of a reminder may be, in bytes: it travels in one packet. */
  readonly maxBytes: number;
}

const reminderName = mandatory(label(MAX_REMINDER_NAME_BYTES));

/** Reminders that are deliveries of the store. */
export class StoredReminders implements Reminders {
  constructor(private readonly parts: StoredRemindersParts) {}

  open(owner: ReminderOwner): ActorReminders {
    return new RemindersOfActivation(owner, this.parts);
  }
}

class RemindersOfActivation implements ActorReminders {
  private readonly path: string;
  private readonly memory: ReminderMemory;

  constructor(
    private readonly owner: ReminderOwner,
    private readonly parts: StoredRemindersParts,
  ) {
    this.path = owner.target.path;
    this.memory = new ReminderMemory(this.path, owner.durable, parts.storage);
  }

  remind(turn: Turn | undefined, name: string, options: ReminderOptions): void {
    const door = `context.remind of ${this.path}`;
    checkArguments(door, { name: [reminderName, name] });
    REMINDER_OPTIONS.check(door, options);
    this.declared(name);
    const outbox = this.outboxOf(turn, 'context.remind');
    const { schedule, due } = this.planOf(door, options);
    const reminder: ReminderPart = { name, setting: randomName(this.parts.random), missed: 0, schedule };
    const id = reminderId(this.path, name);
    const data = encodeDelivery(id, {
      target: this.path,
      method: methodOfReminder(name),
      args: this.written(name, options.data),
      values: undefined,
      key: `reminder/${reminder.setting}`,
      executions: 0,
      attempts: 0,
      refusals: 0,
      dueAt: undefined,
      failure: undefined,
      reminder,
    });
    outbox.deliver({ id, target: this.path, slot: slotOf(this.path), due, data });
    this.memory.decide(turn as Turn, name, reminder);
  }

  cancel(turn: Turn | undefined, name: string): void {
    checkArguments(`context.cancelReminder of ${this.path}`, { name: [reminderName, name] });
    const outbox = this.outboxOf(turn, 'context.cancelReminder');
    outbox.cancel(reminderId(this.path, name));
    this.memory.decide(turn as Turn, name, undefined);
  }

  async list(): Promise<readonly SetReminder[]> {
    const all = [...(await this.memory.all()).values()];
    return all
      .filter(isAlive)
      .map(shown)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  workOf(method: string): HandlerDescriptor | undefined {
    const name = reminderOfMethod(method);
    const record = name === undefined ? undefined : this.owner.descriptor.reminders.get(name);
    if (name === undefined || record === undefined) return undefined;
    return ownWork(method, (instance, args) => this.execute(record, name, instance, args));
  }

  /** Tells the deliverer what there was to do; unless it was due, nothing of the actor was run. */
  private async execute(
    record: ReminderRecord,
    name: string,
    instance: object,
    args: readonly unknown[],
  ): Promise<ReminderVerdict> {
    const firing = firingOf(name, args, this.path);
    const verdict = await this.memory.verdictOn(firing);
    if (verdict !== 'due') return verdict;
    const { dueAt, missed, data } = firing;
    const due: DueReminder = { name, dueAt: new Date(dueAt), missed, ...(data === undefined ? {} : { data }) };
    await callDeclared(instance, record.method, [due]);
    this.memory.noteExecuted(firing);
    return verdict;
  }

  /** @throws MoonpoolError UNKNOWN_REMINDER */
  private declared(name: string): void {
    const { reminders, type } = this.owner.descriptor;
    if (reminders.has(name)) return;
    const names = [...reminders.keys()].map((known) => `'${known}'`).join(', ');
    throw new MoonpoolError('UNKNOWN_REMINDER', {
      message: `${type.name} has no method marked with @Reminder('${name}'); it has ${names === '' ? 'none for any reminder' : `those for ${names}`}`,
    });
  }

  /** @throws MoonpoolError OUTSIDE_OF_TURN */
  private outboxOf(turn: Turn | undefined, door: string): Outbox {
    const scope: CallScope | undefined = turn;
    const outbox = scope?.outbox;
    if (outbox !== undefined) return outbox;
    const where = turn === undefined ? 'outside of its turns' : `in ${turn.request.method}`;
    throw new MoonpoolError('OUTSIDE_OF_TURN', {
      message: `${door} of ${this.path} was called ${where}, where nothing is committed`,
    });
  }

  /** The delay is that of the store's clock, which alone says when something is due. */
  private planOf(door: string, options: ReminderOptions): { readonly schedule: Schedule; readonly due: Due } {
    const { every, first, cron, timeZone = 'UTC', at, delayMs = 0 } = options;
    if (cron !== undefined) {
      const schedule = { kind: 'cron', pattern: cron, timeZone } as const;
      // Whether it can be is looked at here; when it is due is for the store to say.
      checkCron(door, schedule, this.parts.time.wallClock());
      return { schedule, due: { inMs: 0 } };
    }
    if (every === undefined)
      return { schedule: { kind: 'once' }, due: at === undefined ? { inMs: delayMs } : { at: at.getTime() } };
    const everyMs = periodMs(every);
    const due = first instanceof Date ? { at: first.getTime() } : { inMs: first ?? everyMs };
    return { schedule: { kind: 'every', everyMs }, due };
  }

  private written(name: string, data: unknown): Uint8Array {
    const writer = new ByteWriter(64);
    try {
      writer.limitTo(this.parts.maxBytes);
      this.parts.serializer.write(data === undefined ? [] : [data], writer);
    } catch (error) {
      const whose = `The data of the reminder '${name}' of ${this.path}`;
      if (!isMoonpoolError(error, 'PACKET_TOO_LARGE')) throw uncarried(whose, data, error, toTagged);
      throw new MoonpoolError('PACKET_TOO_LARGE', {
        message: `${whose} does not fit into a packet: ${reasonOf(error)}`,
      });
    }
    return writer.take();
  }
}

/** Those that their handlers have refused for good are dead letters, and are not due any more. */
function isAlive(one: StoredReminder | ReminderPart): boolean {
  return !('record' in one) || one.dueAt !== undefined;
}

function shown(one: StoredReminder | ReminderPart): SetReminder {
  const { name, schedule } = 'record' in one ? one.reminder : one;
  const isPlanned = 'record' in one && (schedule.kind !== 'cron' || one.record.dueAt !== undefined);
  const nextAt = isPlanned && one.dueAt !== undefined ? new Date(one.dueAt) : undefined;
  if (schedule.kind === 'every') return { name, nextAt, everyMs: schedule.everyMs };
  if (schedule.kind === 'cron') return { name, nextAt, cron: schedule.pattern, timeZone: schedule.timeZone };
  return { name, nextAt };
}
