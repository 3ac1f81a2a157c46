import type { ReferenceReader } from '../actor/carried-reference';
import { rejected } from '../concurrency/rejected-promise';
import type { MoonpoolError } from '../errors/moonpool-error';
import type { PersistRecord } from '../metadata/actor-record';
import type { ActorStatesParts } from './actor-states';
import type { Turn } from '../turns/turn';
import { CommitQueue, type CommitOwner } from './commit-queue';
import { allOf } from './pending-writes';
import type { StateCell } from './state-cell';
import { StateCells, type StateCellsOwner } from './state-cells';

/** The activation whose states they are. */
export interface NamedStatesOwner {
  readonly stateKey: string;
  readonly id: string;
  readonly references: ReferenceReader;
  /** Notes in the default storage that the call of the present turn has begun, if it has a key; undefined when there is nothing to wait for. */
  begun(): Promise<void> | undefined;
  /** The activation must end. */
  onDurableFailure(): void;
}

/** Which states of a class are in which storage. */
export interface NamedGroup {
  /** The name of the storage. */
  readonly storage: string;
  readonly states: readonly PersistRecord[];
}

/**
 * The states of one activation in one named storage: a record, a claim and versions of their own. They are written when a handler says so, and nothing else of
 * its turn with them.
 */
export class NamedStates implements StateCellsOwner, CommitOwner {
  readonly looksAfterReads = false;
  readonly isGated = false;
  readonly actor: string;
  readonly activation: string;
  readonly storage: string;
  private readonly queue: CommitQueue;
  /** Made with the claim, for their classes are the user's, and may throw. */
  private cells!: StateCells;
  /** The last write that waits until the default storage knows of the call. */
  private waiting: Promise<void> | undefined;

  /** @param parts of the node, with the named storage. */
  constructor(
    private readonly owner: NamedStatesOwner,
    private readonly group: NamedGroup,
    private readonly parts: ActorStatesParts,
  ) {
    this.actor = owner.stateKey;
    this.activation = owner.id;
    this.storage = group.storage;
    this.queue = new CommitQueue(this, parts);
  }

  get references(): ReferenceReader {
    return this.owner.references;
  }

  get version(): number {
    return this.queue.version;
  }

  get failure(): MoonpoolError | undefined {
    return this.queue.failure;
  }

  get isEmpty(): boolean {
    return this.cells.isEmpty;
  }

  /** Resolves when all that was begun is durable here; undefined when it is. */
  get pending(): Promise<void> | undefined {
    return allOf([this.waiting, this.queue.pending]);
  }

  /** Claims the states and takes the values from there. */
  async claim(): Promise<void> {
    const { actor, activation, storage } = this;
    const { events, counters } = this.parts;
    this.cells = new StateCells(this.group.states, this, this.parts);
    const claimed = await this.parts.storage.claim(actor);
    const { epoch, version } = claimed;
    counters.claimed.value++;
    this.queue.claimed(claimed);
    if (events.enabled) events.record('claim', { actor, activation, storage, epoch, version });
    this.cells.claimed(claimed, `The state of ${actor} in the storage '${storage}'`);
  }

  attach(instance: object): void {
    this.cells.attach(instance);
  }

  keepFor(turn: Turn): void {
    this.cells.keepFor(turn);
  }

  unwritten(): readonly string[] {
    return this.cells.unwritten();
  }

  /** The actor is deleted: resolves when nothing of it is here. */
  async destroy(): Promise<void> {
    await this.pending;
    this.cells.reset();
    await this.queue.add({ destroys: true });
  }

  persist(cell: StateCell): Promise<void> {
    this.parts.events.persisting?.();
    if (this.failure !== undefined) return rejected(this.failure);
    try {
      this.cells.take(cell);
    } catch (error) {
      // What it holds in memory differs from what is stored then, and later turns must not answer from it.
      return rejected(this.queue.fail(error as MoonpoolError));
    }
    return this.write(cell);
  }

  clear(cell: StateCell): Promise<void> {
    this.parts.events.persisting?.();
    if (this.failure !== undefined) return rejected(this.failure);
    cell.reset();
    return this.write(cell);
  }

  async reload(cell: StateCell): Promise<void> {
    await this.pending;
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

  /** A call that has a key, and was executed in part, must not be executed again: so it is noted before anything of it is here. */
  private write({ name }: StateCell): Promise<void> {
    const begun = this.owner.begun();
    if (begun === undefined && this.waiting === undefined) return this.queue.add({ states: [name] });
    const written = (allOf([begun, this.waiting]) as Promise<void>).then(() => this.queue.add({ states: [name] }));
    this.waiting = written;
    const over = (): void => {
      if (this.waiting === written) this.waiting = undefined;
    };
    written.then(over, over);
    return written;
  }
}
