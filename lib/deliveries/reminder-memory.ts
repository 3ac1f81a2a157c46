import type { StateStorage } from '../storage/state-storage';
import type { DurableState } from '../turns/durable-state';
import type { Turn } from '../turns/turn';
import { decodeDelivery, type DeliveryRecord, type ReminderPart } from './delivery-record';
import { reminderId } from './delivery-id';
import type { ReminderFiring } from './reminder-firing';
import { deliveriesOf } from './stored-deliveries';

/** What an activation has decided about a reminder of a name. */
interface Decision {
  /** Undefined: it was cancelled. */
  readonly reminder: ReminderPart | undefined;
  /** In which turn: until that is over, and what it has begun to write is durable or has failed, the store does not know better. */
  readonly turn: Turn;
}

/**
 * What an actor says of a due time. `passed`: a later one was executed already, which has told that this one was missed: two nodes may deliver the same for
 * a moment.
 */
export type ReminderVerdict = 'due' | 'not-set' | 'passed';

/** A reminder as the store has it. */
export interface StoredReminder {
  readonly record: DeliveryRecord;
  readonly reminder: ReminderPart;
  readonly dueAt: number | undefined;
}

/**
 * Which reminders of an actor are set, as its activation knows: what the store had when it was first asked, and what was decided since. While
 * an activation lives nobody else sets or cancels reminders of its actor, for both go with commits under its claim.
 */
export class ReminderMemory {
  private stored: Map<string, StoredReminder> | undefined;
  private readonly decided = new Map<string, Decision>();
  /** By name, the last due time that was executed here. */
  private readonly executed = new Map<string, Pick<ReminderFiring, 'setting' | 'dueAt'>>();

  constructor(
    private readonly path: string,
    private readonly durable: DurableState,
    private readonly storage: StateStorage,
  ) {}

  /** The turn has set the reminder, or cancelled it. */
  decide(turn: Turn, name: string, reminder: ReminderPart | undefined): void {
    this.decided.set(name, { turn, reminder });
  }

  /** Whether the reminder is to be executed for that due time. @throws MoonpoolError STORAGE_UNAVAILABLE */
  async verdictOn({ name, setting, dueAt }: ReminderFiring): Promise<ReminderVerdict> {
    if (!(await this.holds(name, setting))) return 'not-set';
    const executed = this.executed.get(name);
    const last = executed?.setting === setting ? executed.dueAt : dueAt;
    const stored = this.stored?.get(name);
    const present = stored?.reminder.setting === setting ? (stored.record.dueAt ?? dueAt) : dueAt;
    return dueAt < Math.max(last, present) ? 'passed' : 'due';
  }

  /** It was executed for that due time. */
  noteExecuted({ name, setting, dueAt }: ReminderFiring): void {
    this.executed.set(name, { setting, dueAt });
  }

  /** True when the reminder of that name is set, and was set by that very call. @throws MoonpoolError STORAGE_UNAVAILABLE */
  private async holds(name: string, setting: string): Promise<boolean> {
    const known = this.decided.get(name);
    if (known?.reminder?.setting === setting) return true;
    if (known === undefined && this.stored?.get(name)?.reminder.setting === setting) return true;
    // What was decided may have come to nothing with its turn: then the store is right.
    await this.read();
    const decision = this.decided.get(name);
    const present = decision === undefined ? this.stored?.get(name)?.reminder : decision.reminder;
    return present?.setting === setting;
  }

  /** All that are set: as the store has them, and those that it does not have yet. @throws MoonpoolError STORAGE_UNAVAILABLE */
  async all(): Promise<ReadonlyMap<string, StoredReminder | ReminderPart>> {
    await this.read();
    const all = new Map<string, StoredReminder | ReminderPart>(this.stored);
    for (const [name, { reminder }] of this.decided) {
      if (reminder === undefined) all.delete(name);
      else if (this.stored?.get(name)?.reminder.setting !== reminder.setting) all.set(name, reminder);
    }
    return all;
  }

  /** What was decided in turns that are over is in the store by then, or came to nothing; what turns under way decide, and what is decided meanwhile, stays. */
  private async read(): Promise<void> {
    const over = [...this.decided].filter(([, { turn }]) => !turn.isLinked);
    await this.durable.pending;
    const stored = new Map<string, StoredReminder>();
    const mine = reminderId(this.path, '');
    for await (const { id, target, dueAt, data } of deliveriesOf(this.storage, { target: this.path, after: mine })) {
      if (!id.startsWith(mine)) break;
      const record = readable(id, target, data);
      if (record?.reminder !== undefined)
        stored.set(record.reminder.name, { record, reminder: record.reminder, dueAt });
    }
    this.stored = stored;
    for (const [name, decision] of over) if (this.decided.get(name) === decision) this.decided.delete(name);
  }
}

/** One that is spoiled must not keep the others of its actor from being executed; the deliverer tells people of it, and leaves it as it is. */
function readable(id: string, target: string, data: Uint8Array): DeliveryRecord | undefined {
  try {
    return decodeDelivery(id, target, data);
  } catch {
    return undefined;
  }
}
