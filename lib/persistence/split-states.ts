import { BoundReferences } from '../actor/bound-references';
import type { ReferenceReader } from '../actor/carried-reference';
import { MoonpoolError } from '../errors/moonpool-error';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import type { DurableOwner, DurableState } from '../turns/durable-state';
import type { HandlerEnd } from '../turns/handler-end';
import { NOTHING_DURABLE } from '../turns/nothing-durable';
import type { Turn } from '../turns/turn';
import { ActorStates, type ActorStatesParts } from './actor-states';
import { rejected } from '../concurrency/rejected-promise';
import { mayPutBack } from './keyed-call';
import { NamedStates, type NamedGroup, type NamedStatesOwner } from './named-states';
import { allOf } from './pending-writes';
import type { StateNotices } from './state-notices';

/** How the states of a class are divided among storages. */
export interface SplitPlan {
  /** The class with what it keeps in the default storage alone. */
  readonly usual: ActorDescriptor;
  readonly named: readonly { readonly group: NamedGroup; readonly parts: ActorStatesParts }[];
}

/** What is durable in the default storage: all that turns decide beside the values of named states. */
type UsualStates = DurableState & Pick<ActorStates, 'begin'>;

/** Where nothing is in the default storage. */
const NOTHING_USUAL: UsualStates = {
  ...NOTHING_DURABLE,
  recall: ({ request: { method, target } }) =>
    Promise.reject(
      new MoonpoolError('NOT_IDEMPOTENT', {
        message: `The call ${method} of ${target.path} has an idempotency key, and all states of the actor are in named storages: it could not remember the answer`,
      }),
    ),
  begin: () => undefined,
};

/**
 * What is durable of an activation with states in named storages: what it has in the default one, and beside it the states in each of the others. Its
 * answers wait for what was begun in all of them, a failure in any ends it, and what tells that a turn is over (a remembered answer, the deletion of the actor) is
 * written last, in the default storage.
 */
export class SplitStates implements DurableState, NamedStatesOwner {
  readonly isDurable = true;
  readonly isGated = false;
  readonly mayOverlap = false;
  readonly stateKey: string;
  readonly id: string;
  readonly references: ReferenceReader;
  private readonly usual: UsualStates;
  private readonly named: readonly NamedStates[];
  private readonly notices: StateNotices;
  private firstFailure: MoonpoolError | undefined;

  constructor(
    private readonly owner: DurableOwner,
    { usual, named }: SplitPlan,
    parts: ActorStatesParts,
  ) {
    const { stateKey, id, scope } = owner;
    this.stateKey = stateKey;
    this.id = id;
    this.references = new BoundReferences(parts.references, scope);
    const isEmpty = usual.states.length + usual.journals.length === 0;
    const onDurableFailure = (): void => this.onDurableFailure();
    this.usual = isEmpty
      ? NOTHING_USUAL
      : new ActorStates({ stateKey, id, descriptor: usual, scope, onDurableFailure }, parts);
    this.notices = parts.notices;
    this.named = named.map((one) => new NamedStates(this, one.group, one.parts));
  }

  get keepsDecisions(): boolean {
    return this.usual.keepsDecisions;
  }

  /** That of the default storage, as everywhere: the others have epochs of their own. */
  get epoch(): number {
    return this.usual.epoch;
  }

  get version(): number {
    return this.usual.version;
  }

  /** The first one that was seen: what turns are told must not change when another storage fails too. */
  get failure(): MoonpoolError | undefined {
    this.firstFailure ??= this.usual.failure ?? this.named.find(({ failure }) => failure !== undefined)?.failure;
    return this.firstFailure;
  }

  async claim(): Promise<void> {
    await Promise.all([this.usual.claim(), ...this.named.map((states) => states.claim())]);
  }

  attach(instance: object): void {
    this.usual.attach(instance);
    for (const states of this.named) states.attach(instance);
  }

  async recall(turn: Turn): Promise<HandlerEnd | undefined> {
    const end = await this.usual.recall(turn);
    if (end === undefined && mayPutBack(turn, this.owner)) for (const states of this.named) states.keepFor(turn);
    return end;
  }

  forgo(turn: Turn): void {
    this.usual.forgo(turn);
  }

  commit(turn: Turn, answer: unknown): Promise<void> | undefined {
    return this.afterNamed(
      this.concluded(turn),
      () => this.usual.commit(turn, answer),
      (failure) => this.usual.abandon(turn, failure),
    );
  }

  abandon(turn: Turn, error: unknown): Promise<void> | undefined {
    const abandon = (): Promise<void> | undefined => this.usual.abandon(turn, error);
    return this.afterNamed(this.pendingOfNamed, abandon, abandon);
  }

  commitSoFar(turn: Turn): Promise<void> | undefined {
    return this.afterNamed(
      this.concluded(turn),
      () => this.usual.commitSoFar(turn),
      () => undefined,
    );
  }

  get pending(): Promise<void> | undefined {
    return allOf([this.pendingOfNamed, this.usual.pending]);
  }

  settled(): Promise<void> | undefined {
    return allOf([this.pendingOfNamed, this.usual.settled()]);
  }

  ended(): void {
    this.usual.ended();
    for (const states of this.named) this.notices.ended(this.owner, states);
  }

  begun(): Promise<void> | undefined {
    const turn = this.owner.scope();
    return turn === undefined ? undefined : this.usual.begin(turn);
  }

  onDurableFailure(): void {
    // Looked at now, so that it stays the first.
    if (this.failure !== undefined) this.owner.onDurableFailure();
  }

  private get pendingOfNamed(): Promise<void> | undefined {
    return allOf(this.named.map(({ pending }) => pending));
  }

  /** Resolves when all that the turn has begun to write in named storages is durable there, and nothing is there any more if it has deleted the actor. */
  private concluded({ decisions }: Turn): Promise<void> | undefined {
    // A handler that has caught the failure of a write must not have an answer remembered that speaks of it as done.
    if (this.failure !== undefined) return rejected(this.failure);
    return decisions?.endsActor === true ? allOf(this.named.map((states) => states.destroy())) : this.pendingOfNamed;
  }

  /** What is written in the default storage at the end comes after the others. Rejects with the failure of these, whatever becomes of the rest. */
  private afterNamed(
    named: Promise<void> | undefined,
    proceed: () => Promise<void> | undefined,
    giveUp: (failure: unknown) => Promise<void> | undefined,
  ): Promise<void> | undefined {
    if (named === undefined) return proceed();
    return named.then(proceed, async (failure: unknown) => {
      await giveUp(failure)?.catch(() => undefined);
      throw failure;
    });
  }
}
