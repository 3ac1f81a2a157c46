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
import type { RefusalLog } from '../observability/refusal-log';
import type { RandomProvider } from '../providers/random-provider';
import type { TimeProvider } from '../providers/time-provider';
import { moveTarget, type MoveTarget } from '../migration/migration-requests';
import { refuseReadOnly } from '../turns/read-only-turn';
import { TurnRequestContext } from '../turns/turn-request-context';
import type { ActorReminders } from '../turns/actor-reminders';
import type { Turn } from '../turns/turn';

/** What an activation's context is made of. */
export interface ActivationContextParts {
  readonly node: NodeId;
  readonly time: TimeProvider;
  readonly random: RandomProvider;
  readonly logger: Logger;
  readonly refusals: RefusalLog;
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
    const { turn } = this.owner;
    if (turn === undefined) return NEVER_ABORTED;
    const { method } = turn.request;
    return turn.signal(this.parts.time, (error) =>
      this.tell('a listener on the signal of a turn failed', method, error),
    );
  }

  timer(callback: () => Promise<void> | void, options: ActorTimerOptions): ActorTimer {
    return this.owner.startTimer(callback, options);
  }

  remind(name: string, options: ReminderOptions): Promise<void> {
    return this.told('remind', async () => this.owner.reminders.remind(this.owner.turn, name, options));
  }

  cancelReminder(name: string): Promise<void> {
    return this.told('cancelReminder', async () => this.owner.reminders.cancel(this.owner.turn, name));
  }

  reminders(): Promise<readonly SetReminder[]> {
    return this.told('reminders', () => this.owner.reminders.list());
  }

  destroy(): Promise<void> {
    return this.told('destroy', () => this.destroyNow());
  }

  private async destroyNow(): Promise<void> {
    const { turn } = this.owner;
    if (turn?.isDurable !== true)
      throw new MoonpoolError('OUTSIDE_OF_TURN', {
        message: `context.destroy of ${this.id.path} was called ${turn === undefined ? 'outside of its turns' : `in ${turn.request.method}`}, where nothing is committed`,
      });
    refuseReadOnly(turn, 'calls context.destroy()');
    const destroyed = this.destroyIn(turn);
    turn.prepare(destroyed);
    await destroyed;
  }

  private async destroyIn(turn: Turn): Promise<void> {
    const { reminders } = this.owner;
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

  /** Whoever forgets to wait for it learns of its failure from the log, and the process does not end for that. */
  private told<T>(method: string, work: () => Promise<T>): Promise<T> {
    const promise = work();
    void promise.then(undefined, (error: unknown) =>
      this.tell('what an actor asked of its context failed', method, error),
    );
    return promise;
  }

  private tell(what: string, method: string, error: unknown): void {
    const { path: actor } = this.id;
    this.parts.refusals.note(what, actor, () => ({ fields: { actor, method }, error }));
  }
}
