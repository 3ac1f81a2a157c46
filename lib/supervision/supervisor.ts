import { Deferred } from '../concurrency/deferred';
import { MoonpoolError } from '../errors/moonpool-error';
import { withDefaults } from '../options/option-table';
import { ChildRecord } from './child-record';
import { checkBehaviour } from '../local-actors/actor-body';
import type { LocalBehaviour } from '../local-actors/local-actor';
import { LocalCell } from '../local-actors/local-cell';
import { failedEnding, type LocalEnding } from '../local-actors/local-ending';
import { STOP_OPTIONS, type LocalHandle, type LocalStopOptions } from '../local-actors/local-handle';
import type { LocalRegistry } from '../local-actors/local-registry';
import type { LocalWorld } from '../local-actors/local-world';
import { RestartCount } from './restart-count';
import type { ChildOwner, SupervisedChild } from '../local-actors/supervised-child';
import {
  CHILD_OPTIONS,
  DEFAULT_INTENSITY,
  SUPERVISOR_OPTIONS,
  type ChildOptions,
  type RestartPolicy,
  type SupervisionStrategy,
  type SupervisorOptions,
} from './supervision-options';

/**
 * Starts local actors and other supervisors in order, starts them again when they end, and stops them in the reverse order. When
 * that happens too often it stops them all and fails itself, for the supervisor above to decide. After the supervisors of
 * Erlang/OTP; handles and mailboxes outlive the restarts here. Made by {@link LocalSystem.supervise} or {@link Supervisor.supervise}.
 */
export class Supervisor implements SupervisedChild, ChildOwner {
  readonly strategy: SupervisionStrategy;
  private readonly records: ChildRecord[] = [];
  private readonly count: RestartCount;
  private readonly end = new Deferred<LocalEnding>();
  /** What it does is done one after the other. */
  private work: Promise<void> = Promise.resolve();
  private isUp = false;
  private isClosed = false;
  private ending: LocalEnding | undefined;
  /** It has no mailbox of its own. */
  readonly queued = 0;

  /** For the room of supervision alone. */
  constructor(
    readonly name: string,
    private readonly world: LocalWorld,
    private readonly registry: LocalRegistry,
    private readonly owner: ChildOwner,
    private readonly options: SupervisorOptions,
  ) {
    const { restarts, withinMs } = withDefaults(DEFAULT_INTENSITY, options.intensity);
    this.strategy = options.strategy ?? 'one-for-one';
    this.count = new RestartCount(restarts, withinMs);
  }

  /** Settles, never with an error, when it has ended for good: it was stopped, or gave up and nobody started it again. */
  get ended(): Promise<LocalEnding> {
    return this.end.promise;
  }

  /** True when it has ended for good. */
  get hasEnded(): boolean {
    return this.ending !== undefined;
  }

  /** The full names of its children, in the order of their start. */
  get children(): readonly string[] {
    return this.records.map(({ child }) => child.name);
  }

  /**
   * Starts a local actor as the last child, after those before it have started. Its name in the registry is that of the
   * supervisor, a slash, and its own. @throws MoonpoolError INVALID_OPTION, LOCAL_NAME_IN_USE, LOCAL_ACTOR_ENDED, TOO_MANY_LOCAL_ACTORS
   */
  spawn<Message, Reply = void>(
    behaviour: LocalBehaviour<Message, Reply>,
    options: ChildOptions = {},
  ): LocalHandle<Message, Reply> {
    checkBehaviour(`spawn of ${this.name}`, behaviour);
    CHILD_OPTIONS.check(`spawn of ${this.name}`, options);
    this.refuseWhenClosed();
    const name = this.registry.freeName(options.name, behaviour.name, this.name);
    const cell = new LocalCell<Message, Reply>(name, behaviour, this.world, this, options);
    this.adopt(cell, options.restart);
    return cell;
  }

  /** Starts a supervisor as the last child. @throws as {@link Supervisor.spawn} */
  supervise(options: SupervisorOptions = {}): Supervisor {
    SUPERVISOR_OPTIONS.check(`supervise of ${this.name}`, options);
    this.refuseWhenClosed();
    const name = this.registry.freeName(options.name, 'supervisor', this.name);
    const supervisor = new Supervisor(name, this.world, this.registry, this, options);
    this.adopt(supervisor, options.restart);
    return supervisor;
  }

  /** Stops its children, the last first, each within its limit, and ends for good. Never rejects. */
  stop(options: LocalStopOptions = {}): Promise<LocalEnding> {
    STOP_OPTIONS.check('stop', options);
    const { drain = true, limitMs } = options;
    if (!this.isClosed) {
      this.isClosed = true;
      void this.enqueue(async () => {
        for (const record of this.records) record.cancelRestart();
        for (const { child } of [...this.records].reverse())
          await child.stop(limitMs === undefined ? { drain } : { drain, limitMs });
        this.finish({ code: 'stopped', description: `The supervisor ${this.name} was stopped` });
      });
    }
    return this.end.promise;
  }

  /** For the owner alone: see {@link SupervisedChild}. */
  begin(): Promise<void> {
    return this.enqueue(async () => {
      if (this.isClosed) return;
      this.isUp = true;
      this.count.reset();
      this.world.tell('supervision:start', { supervisor: this.name, strategy: this.strategy });
      for (const record of [...this.records]) if (!record.isUp && this.records.includes(record)) await record.begin();
    });
  }

  /** For the owner alone. */
  halt(): Promise<void> {
    return this.enqueue(() => this.haltAll());
  }

  /** For the owner alone. */
  finish(ending: LocalEnding): void {
    if (this.ending !== undefined) return;
    this.ending = ending;
    this.isClosed = true;
    for (const { child } of [...this.records].reverse()) child.finish(ending);
    this.world.tell('supervision:end', { supervisor: this.name, code: ending.code, description: ending.description });
    this.owner.childEnded(this);
    this.end.resolve(ending);
  }

  /** For the children alone. */
  lifeOver(child: SupervisedChild, ending: LocalEnding): void {
    const record = this.recordOf(child);
    if (record === undefined) return;
    record.lastEnding = ending;
    record.isUp = false;
    void this.enqueue(async () => {
      // It may have been started again since, together with another.
      if (record.lastEnding === ending && this.isUp && !this.isClosed) await this.react(record, ending);
    });
  }

  /** For the children alone. */
  childEnded(child: SupervisedChild): void {
    const record = this.recordOf(child);
    if (record === undefined) return;
    this.records.splice(this.records.indexOf(record), 1);
    this.registry.remove(child);
    // Others may wait for a restart together with it; they need not wait for who does not come.
    record.restartNow();
  }

  private async react(record: ChildRecord, ending: LocalEnding): Promise<void> {
    const { child } = record;
    const { logger, time } = this.world;
    if (ending.code === 'failed') logger.error(`${child.name} failed under the supervisor ${this.name}`, ending.error);
    if (!record.returnsAfter(ending)) {
      child.finish(ending);
      return;
    }
    if (!this.count.admits(time.now())) {
      await this.giveUp(record, ending);
      return;
    }
    const group = this.groupOf(record);
    for (const other of [...group].reverse()) await this.haltOne(other);
    const delayMs = record.nextDelayMs();
    this.world.tell('supervision:restart', {
      supervisor: this.name,
      child: child.name,
      together: group.length,
      delayMs,
      reason: ending.description,
    });
    if (delayMs === 0) await this.beginGroup(group);
    else record.restartAfter(delayMs, () => void this.enqueue(() => this.beginGroup(group)));
  }

  /** Those that are started again together, in the order of their start. */
  private groupOf(record: ChildRecord): readonly ChildRecord[] {
    if (this.strategy === 'one-for-one') return [record];
    return this.records.slice(this.strategy === 'one-for-all' ? 0 : this.records.indexOf(record));
  }

  private async beginGroup(group: readonly ChildRecord[]): Promise<void> {
    if (!this.isUp || this.isClosed) return;
    for (const record of group) {
      if (!record.isUp && this.records.includes(record)) await record.begin();
    }
  }

  private async giveUp(record: ChildRecord, ending: LocalEnding): Promise<void> {
    const { most, withinMs } = this.count;
    const message = `The supervisor ${this.name} gave up: it would have made more than ${most} restarts within ${withinMs} ms, the last because ${ending.description}`;
    const error = new MoonpoolError('RESTART_LIMIT_REACHED', { message, executed: 'maybe', cause: ending.error });
    this.world.tell('supervision:gave-up', {
      supervisor: this.name,
      child: record.child.name,
      reason: ending.description,
    });
    await this.haltAll();
    this.owner.lifeOver(this, failedEnding(`The supervisor ${this.name}`, error));
  }

  private async haltAll(): Promise<void> {
    this.isUp = false;
    for (const record of [...this.records].reverse()) await this.haltOne(record);
  }

  /** A temporary child has one life only. */
  private async haltOne(record: ChildRecord): Promise<void> {
    await record.halt();
    const { child, restart } = record;
    if (restart === 'temporary')
      child.finish({ code: 'stopped', description: `${child.name} was stopped by the supervisor ${this.name}` });
  }

  private adopt(child: SupervisedChild, restart: RestartPolicy = 'permanent'): void {
    const record = new ChildRecord(child, restart, this.world, this.options.backoff);
    this.registry.add(child);
    this.records.push(record);
    void this.enqueue(async () => {
      if (this.isUp && !record.wasBegun && this.records.includes(record)) await record.begin();
    });
  }

  private recordOf(child: SupervisedChild): ChildRecord | undefined {
    return this.records.find((record) => record.child === child);
  }

  private enqueue(step: () => Promise<void>): Promise<void> {
    this.work = this.work
      .then(step)
      .catch((error: unknown) => this.world.logger.error(`A step of the supervisor ${this.name} failed`, error));
    return this.work;
  }

  private refuseWhenClosed(): void {
    if (this.isClosed)
      throw new MoonpoolError('LOCAL_ACTOR_ENDED', {
        message: `The supervisor ${this.name} starts nothing any more: it has ended, or is ending`,
      });
  }
}
