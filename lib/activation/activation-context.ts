import { delay, mandatory } from '../options/option-kind';
import { checkArguments } from '../options/option-table';
import type { ActorContext } from '../actor/actor-context';
import type { ReminderOptions, SetReminder } from '../actor/reminder';
import type { ActorTimer, ActorTimerOptions } from '../actor/actor-timer';
import { BoundReferences } from '../actor/bound-references';
import type { RequestContext } from '../actor/request-context';
import type { ActorClass, ActorReference } from '../actor/actor-reference';
import type { ReferenceSource } from '../actor/reference-source';
import { MoonpoolError } from '../errors/moonpool-error';
import type { ActorId } from '../identity/actor-id';
import type { ActorKey, KeyPart } from '../identity/actor-key';
import type { NodeId } from '../identity/node-id';
import type { CallScope } from '../calls/request';
import type { Logger } from '../observability/logger';
import type { RandomProvider } from '../providers/random-provider';
import type { TimeProvider } from '../providers/time-provider';
import { moveTarget, type MoveTarget } from '../migration/migration-requests';
import { TurnRequestContext } from '../turns/turn-request-context';
import type { ActorReminders } from '../turns/actor-reminders';
import type { Turn } from '../turns/turn';

/** What an activation's context is made of. */
export interface ActivationContextParts {
  readonly node: NodeId;
  readonly time: TimeProvider;
  readonly random: RandomProvider;
  readonly logger: Logger;
  readonly references: ReferenceSource<CallScope>;
}

/** The activation that a context belongs to. */
export interface ContextOwner {
  /** The turn in progress; undefined outside of turns. */
  readonly turn: Turn | undefined;
  /** The turn in progress, for those who ask later. */
  readonly scope: () => Turn | undefined;
  readonly reminders: ActorReminders;
  endOnIdle(): void;
  moveOnIdle(to: MoveTarget | undefined): void;
  keepFor(delayMs: number): void;
  startTimer(callback: () => unknown, options: ActorTimerOptions): ActorTimer;
}

const NEVER_ABORTED = new AbortController().signal;

/** The context of one activation. */
export class ActivationContext implements ActorContext {
  constructor(
    readonly id: ActorId,
    private readonly parts: ActivationContextParts,
    private readonly owner: ContextOwner,
  ) {}

  get node(): NodeId {
    return this.parts.node;
  }

  get time(): TimeProvider {
    return this.parts.time;
  }

  get random(): RandomProvider {
    return this.parts.random;
  }

  get logger(): Logger {
    return this.parts.logger;
  }

  get key(): string {
    return this.id.key ?? '';
  }

  get keyParts(): readonly KeyPart[] {
    return this.id.parts;
  }

  actor<T extends object>(type: ActorClass<T>, ...keys: readonly ActorKey[]): ActorReference<T> {
    return this.parts.references.reference(type, keys, this.owner.scope);
  }

  get requestContext(): RequestContext {
    return new TurnRequestContext(this.owner.turn, new BoundReferences(this.parts.references, this.owner.scope));
  }

  get signal(): AbortSignal {
    return this.owner.turn?.signal(this.parts.time) ?? NEVER_ABORTED;
  }

  timer(callback: () => Promise<void> | void, options: ActorTimerOptions): ActorTimer {
    return this.owner.startTimer(callback, options);
  }

  async remind(name: string, options: ReminderOptions): Promise<void> {
    this.owner.reminders.remind(this.owner.turn, name, options);
  }

  async cancelReminder(name: string): Promise<void> {
    this.owner.reminders.cancel(this.owner.turn, name);
  }

  reminders(): Promise<readonly SetReminder[]> {
    return this.owner.reminders.list();
  }

  async destroy(): Promise<void> {
    const { turn, reminders } = this.owner;
    if (turn?.isDurable !== true)
      throw new MoonpoolError('OUTSIDE_OF_TURN', {
        message: `context.destroy of ${this.id.path} was called ${turn === undefined ? 'outside of its turns' : `in ${turn.request.method}`}, where nothing is committed`,
      });
    // What decides nothing in the default storage has no reminders there.
    if (turn.outbox !== undefined) for (const { name } of await reminders.list()) reminders.cancel(turn, name);
    turn.destroyActor();
    this.owner.endOnIdle();
  }

  delayDeactivation(delayMs: number): void {
    checkArguments('context.delayDeactivation', { delayMs: [mandatory(delay()), delayMs] });
    this.owner.keepFor(delayMs);
  }

  deactivateOnIdle(): void {
    this.owner.endOnIdle();
  }

  migrateOnIdle(to?: NodeId | string): void {
    checkArguments('context.migrateOnIdle', { to: [moveTarget, to] });
    this.owner.moveOnIdle(to);
  }
}
