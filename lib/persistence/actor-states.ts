import { BoundReferences } from '../actor/bound-references';
import type { ReferenceReader } from '../actor/carried-reference';
import type { ReferenceSource } from '../actor/reference-source';
import type { CallScope } from '../calls/request';
import { rejected } from '../concurrency/rejected-promise';
import type { MoonpoolError } from '../errors/moonpool-error';
import { hasWholeTurns } from '../metadata/whole-turns';
import type { Serializer } from '../serialization/serializer';
import type { DurableOwner, DurableState } from '../turns/durable-state';
import type { HandlerEnd } from '../turns/handler-end';
import { refuseChanged, refuseReadOnly } from '../turns/read-only-turn';
import type { Turn } from '../turns/turn';
import { TurnDecisions } from '../turns/turn-decisions';
import { CommitQueue, type CommitOwner, type CommitParts } from './commit-queue';
import { withAnswer, type Change } from './gathered-commit';
import type { InstanceWatch } from './instance-watch';
import { Journals, type JournalsOwner } from './journals';
import { answered, failureToRemember, mayPutBack } from './keyed-call';
import type { PersistenceOptions } from './persistence-options';
import { RememberedAnswers } from './remembered-answers';
import { sayWhenDurable } from './said-when-durable';
import type { StateCell } from './state-cell';
import { StateCells, type StateCellsOwner } from './state-cells';
import type { StateNotices } from './state-notices';

const NO_STATES: readonly string[] = [];
const NO_CHANGE: Change = {};

/** What the states of an activation in one storage need from their node. */
export interface ActorStatesParts extends CommitParts {
  readonly serializer: Serializer;
  readonly references: ReferenceSource<CallScope>;
  readonly options: PersistenceOptions;
  readonly instances: InstanceWatch;
  readonly notices: StateNotices;
}

/**
 * What is durable of one activation: one claim, one epoch, one version. What a turn decides goes into one commit: by `persist` where
 * the class does that itself, and otherwise when the turn has ended.
 */
export class ActorStates implements DurableState, StateCellsOwner, JournalsOwner, CommitOwner {
  readonly isDurable = true;
  readonly keepsDecisions = true;
  readonly isGated: boolean;
  readonly actor: string;
  readonly activation: string;
  readonly references: ReferenceReader;
  private readonly queue: CommitQueue;
  private readonly answers: RememberedAnswers;
  /** Made with the claim, for their classes are the user's, and may throw. */
  private cells!: StateCells;
  private journals!: Journals;

  constructor(
    private readonly owner: DurableOwner,
    private readonly parts: ActorStatesParts,
  ) {
    const { stateKey, id, descriptor, scope } = owner;
    this.actor = stateKey;
    this.activation = id;
    this.isGated = hasWholeTurns(descriptor.options);
    this.references = new BoundReferences(parts.references, scope);
    this.queue = new CommitQueue(this, parts);
    this.answers = new RememberedAnswers(stateKey, this.references, parts);
  }

  get looksAfterReads(): boolean {
    return this.parts.options.checksReadOnly;
  }

  get epoch(): number {
    return this.queue.epoch;
  }

  get version(): number {
    return this.queue.version;
  }

  get failure(): MoonpoolError | undefined {
    return this.queue.failure;
  }

  get mayOverlap(): boolean {
    return this.isGated && !this.queue.isFull;
  }

  get isEmpty(): boolean {
    return this.cells.isEmpty;
  }

  /** Claims the state and takes the values from it. What cannot be taken stays as it is. */
  async claim(): Promise<void> {
    const { actor, activation, parts } = this;
    const { storage, events, counters } = parts;
    const { states, journals } = this.owner.descriptor;
    this.cells = new StateCells(states, this, parts);
    this.journals = new Journals(journals, this, parts);
    const claimed = await storage.claim(actor);
    const { epoch, version, answers } = claimed;
    counters.claimed.value++;
    this.queue.claimed(claimed);
    this.answers.claimed(answers);
    if (events.enabled) events.record('claim', { actor, activation, epoch, version });
    this.cells.claimed(claimed, `The stored state of ${actor}`);
    await this.journals.load(claimed);
  }

  attach(instance: object): void {
    this.cells.attach(instance);
    this.journals.attach(instance);
  }

  async recall(turn: Turn): Promise<HandlerEnd | undefined> {
    const end = await this.answers.recall(turn.request.idempotencyKey as string, turn);
    if (end === undefined && mayPutBack(turn, this.owner)) this.cells.keepFor(turn);
    return end;
  }

  forgo({ request }: Turn): void {
    this.answers.end(request.idempotencyKey as string);
  }

  commit(turn: Turn, answer: unknown): Promise<void> | undefined {
    const key = turn.request.idempotencyKey;
    try {
      // First what may fail without having changed anything.
      const remembered =
        turn.isExecuted && key !== undefined ? this.answers.remember(key, { value: answer }) : undefined;
      const change = this.changeOf(turn);
      const left = this.leave(turn, remembered === undefined ? change : answered(change ?? NO_CHANGE, remembered));
      if (key !== undefined) this.answers.end(key);
      return left;
    } catch (error) {
      const abandoned = this.abandon(turn, error);
      return abandoned === undefined ? rejected(error) : abandoned.then(() => Promise.reject(error));
    }
  }

  abandon(turn: Turn, error: unknown): Promise<void> | undefined {
    const key = turn.request.idempotencyKey;
    const hasEffects = turn.decisions?.hasCommitted === true;
    turn.decisions?.takeWrites();
    turn.decisions?.takeMessages();
    if (this.isGated || !hasEffects) this.undo(turn);
    if (key === undefined) return this.isGated ? this.queue.pending : undefined;
    try {
      const told = failureToRemember(turn, error, hasEffects);
      if (told === undefined) {
        this.answers.forget(key);
        return this.queue.pending;
      }
      return this.queue.add({ answer: this.answers.remember(key, { error: told }) });
    } finally {
      this.answers.end(key);
    }
  }

  commitSoFar(turn: Turn): Promise<void> | undefined {
    try {
      const change = this.changeOf(turn);
      return this.leave(turn, change === undefined ? undefined : this.marked(turn, change));
    } catch (error) {
      return rejected(error);
    }
  }

  /** Notes that the call of the turn, if it has a key, has begun: what it writes elsewhere must not be written a second time. */
  begin(turn: Turn): Promise<void> | undefined {
    if (turn.request.idempotencyKey === undefined) return undefined;
    return turn.decisions?.hasCommitted === true ? this.queue.pending : this.queue.add(this.marked(turn, {}));
  }

  get pending(): Promise<void> | undefined {
    return this.queue.pending;
  }

  settled(): Promise<void> | undefined {
    if (!this.isGated || this.failure !== undefined) return this.queue.pending;
    try {
      const changed = this.cells.changed();
      changed?.take();
      return changed === undefined ? this.queue.pending : this.queue.add({ states: changed.names });
    } catch (error) {
      return rejected(error);
    }
  }

  ended(): void {
    if (!this.isGated) this.parts.notices.ended(this.owner, this.cells);
  }

  persist(cell: StateCell): Promise<void> {
    this.parts.events.persisting?.();
    if (this.failure !== undefined) return rejected(this.failure);
    try {
      this.refuseReadOnly(`calls persist() of the state '${cell.name}'`);
      this.cells.take(cell);
    } catch (error) {
      // What it holds in memory differs from what is stored then, and later turns must not answer from it; but where turns are undone they do not.
      return rejected(this.isGated ? error : this.queue.fail(error as MoonpoolError));
    }
    return this.write(cell);
  }

  clear(cell: StateCell): Promise<void> {
    this.parts.events.persisting?.();
    if (this.failure !== undefined) return rejected(this.failure);
    try {
      this.refuseReadOnly(`calls clear() of the state '${cell.name}'`);
    } catch (error) {
      return rejected(error);
    }
    cell.reset();
    return this.write(cell);
  }

  refuseReadOnly(what: string): void {
    refuseReadOnly(this.owner.scope(), what);
  }

  async reload(cell: StateCell): Promise<void> {
    await this.queue.pending;
    cell.undo(this.actor);
  }

  record(): Uint8Array {
    return this.cells.record;
  }

  onWritten(states: ReadonlySet<string>): void {
    this.cells.showWritten(states);
  }

  onFailed(): void {
    this.owner.onDurableFailure();
  }

  /** What a handler asks to have written itself: beside the states, what its turn has decided. */
  private write(cell: StateCell): Promise<void> {
    const turn = this.owner.scope();
    const states = [cell.name];
    if (turn === undefined) return this.queue.add({ states });
    this.forgetIfDeleted(turn, cell);
    return this.queue.add(this.marked(turn, { states, ...turn.decisions?.takeWrites() }));
  }

  /** A change in the midst of a turn: its call, if it has a key, must not be executed a second time. */
  private marked(turn: Turn, change: Change): Change {
    const { request } = turn;
    const key = request.idempotencyKey;
    // What code writes that its turn has left behind says nothing of the call, which has its answer; nor what filters do before they let it go on.
    if (key === undefined || !turn.isExecuted || !this.answers.isExecuting(key)) return change;
    (turn.decisions ??= new TurnDecisions()).hasCommitted = true;
    return withAnswer(change, this.answers.remember(key, 'begun'));
  }

  /** What the turn has decided that is to be written; undefined when that is nothing. */
  private changeOf(turn: Turn): Change | undefined {
    const { decisions, handler } = turn;
    this.forgetIfDeleted(turn);
    const isReadOnly = handler.mode === 'read-only';
    // This may cost more than all that such a handler does.
    if (isReadOnly && this.isGated && this.looksAfterReads) refuseChanged(turn, this.cells.changedByReads());
    const changed = this.isGated && !isReadOnly ? this.cells.changed() : undefined;
    const written = this.journals.takeChange();
    // Only now, for what is written in journals may be what cannot be stored.
    changed?.take();
    if (changed === undefined && written === undefined && decisions?.hasAny !== true) return undefined;
    const { deliveries, cancels, destroys } = decisions?.takeWrites() ?? NO_CHANGE;
    const { events, snapshot } = written ?? NO_CHANGE;
    return { states: changed?.names ?? NO_STATES, events, snapshot, answer: undefined, deliveries, cancels, destroys };
  }

  /** The turn has decided that the actor is deleted, and that is about to be written. @param except the state that is written with it. */
  private forgetIfDeleted({ decisions, request }: Turn, except?: StateCell): void {
    if (decisions?.destroys !== true) return;
    this.cells.reset(except);
    this.journals.reset();
    this.answers.clear(request.idempotencyKey);
  }

  /** Resolves when the change, and all before it, is durable; what the turn has said to others leaves then. */
  private leave(turn: Turn, change: Change | undefined): Promise<void> | undefined {
    return sayWhenDurable(turn, change === undefined ? this.queue.pending : this.queue.add(change));
  }

  /** The handler threw: what it has changed, and is not on its way to the store, is as it was. Where classes write by themselves, that is so of calls with keys. */
  private undo(turn: Turn): void {
    try {
      if (!this.isGated) return turn.putBack();
      this.cells.undo();
      this.journals.undo();
    } catch (error) {
      this.queue.fail(error as MoonpoolError);
    }
  }
}
