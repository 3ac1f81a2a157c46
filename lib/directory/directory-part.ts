import type { Lease } from '../cluster/lease';
import type { Membership } from '../cluster/membership';
import type { Member, MembershipView } from '../cluster/membership-store';
import type { Buggify } from '../chaos/buggify';
import { MoonpoolError } from '../errors/moonpool-error';
import type { LocalNode } from '../identity/local-node';
import { formatNodeId, sameNode } from '../identity/node-id';
import type { EventLog } from '../observability/event-log';
import type { TaskProvider } from '../providers/task-provider';
import type { TimeProvider } from '../providers/time-provider';
import type { Registration } from './actor-directory';
import type { DirectoryHost, DirectoryPartState } from './directory-port';
import {
  arrived,
  travelling,
  travellingOwn,
  type AskAnswer,
  type AskRequest,
  type DirectoryAnswer,
  type DirectoryOperation,
  type RangesAnswer,
  type RangesRequest,
  type TravellingOwn,
} from './directory-requests';
import { HeldRanges } from './held-ranges';
import { OwnRegistrations } from './own-registrations';
import { RangeSet } from './range-set';
import { RangeOwners, rangeOf } from './ranges';
import { RangeTakeover } from './range-takeover';
import type { Registrations } from './registrations';

/** What the part of a node needs. */
export interface DirectoryPartParts {
  readonly local: LocalNode;
  readonly membership: Pick<Membership, 'view' | 'isLive' | 'refresh' | 'onView' | 'onDeath'>;
  readonly lease: Pick<Lease, 'held'>;
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly events: EventLog;
  readonly buggify: Buggify;
  /** Asks a member what is in ranges. Rejects as requests to fixed endpoints do. */
  readonly askMember: (member: Member, request: RangesRequest) => Promise<RangesAnswer>;
}

/** How many characters an answer about ranges has, about; a range that alone has more goes alone. */
const PAGE_LENGTH = 250_000;
/** What a registration takes beside its texts. */
const AROUND_LENGTH = 120;

/** How often buggify has a range forgotten that should be handed over, so that it has to be restored. */
const FORGOTTEN = { strikes: 0.2 };

/** The part of the directory that a node keeps: the ranges that it owns in the present view. */
export class DirectoryPart implements DirectoryHost {
  readonly held = new HeldRanges();
  /** The activations of this node that the directory has confirmed. */
  readonly own = new OwnRegistrations();
  private present: RangeOwners;
  private isOver = false;

  constructor(private readonly parts: DirectoryPartParts) {
    const { membership } = parts;
    this.present = new RangeOwners({ version: -1, members: [] });
    membership.onView((view) => this.adopt(view));
    membership.onDeath((member) => this.forget(member));
  }

  /** The owners in the present view. */
  get owners(): RangeOwners {
    return this.present;
  }

  describe(): DirectoryPartState {
    const { held, own, present } = this;
    const { version: view } = present.view;
    return { view, owned: held.owned, held: held.held, registrations: held.size, own: own.size };
  }

  stop(): void {
    this.isOver = true;
  }

  /** The registrations of the range, if this node may answer for it now. */
  of(range: number): Registrations | undefined {
    const { local, lease } = this.parts;
    const mayAnswer = lease.held && local.hasJoined && this.present.isOwner(local.node, range);
    return mayAnswer ? this.held.of(range) : undefined;
  }

  /** Does it, in the registrations of its range. */
  perform(operation: DirectoryOperation, registrations: Registrations): Registration | undefined {
    const { actor, does } = operation;
    if (does === 'lookup') return registrations.lookup(actor);
    const { events } = this.parts;
    if (does === 'unregister') {
      registrations.unregister(actor, operation.activation);
      if (events.enabled) this.record('directory-unregister', { actor, activation: operation.activation });
      return undefined;
    }
    const { activation } = operation.candidate;
    const replaces = operation.replaces ?? undefined;
    const holder = registrations.register(arrived(actor, operation.candidate), replaces);
    if (events.enabled) {
      const instead = replaces === undefined ? {} : { replaces };
      this.record('directory-register', { actor, activation, holder: holder.activation, ...instead });
    }
    return holder;
  }

  async ask({ view, operations }: AskRequest): Promise<AskAnswer> {
    await this.catchUp(view);
    // From here on nothing is awaited: what is answered holds in this view.
    const { version } = this.present.view;
    return { view: version, answers: operations.map((operation) => this.answerTo(operation)) };
  }

  async tell({ name, incarnation, view, ranges, restores }: RangesRequest): Promise<RangesAnswer> {
    await this.catchUp(view);
    // From here on nothing is awaited: what is handed over is answered for here no more, and what is reported is all there is.
    const [whole, own] = [new RangeSet(), new RangeSet()];
    const registrations: TravellingOwn[] = [];
    let room = PAGE_LENGTH;
    for (const range of this.parts.lease.held ? RangeSet.of(ranges) : []) {
      if (room <= 0) break;
      if (!this.present.isOwner({ name, incarnation }, range)) continue;
      const handedOver = this.handOver(range);
      if (handedOver === undefined && !restores) continue;
      (handedOver === undefined ? own : whole).add(range);
      for (const registration of handedOver?.all ?? this.own.report(range)) {
        registrations.push(travellingOwn(registration));
        room -= lengthOf(registration);
      }
    }
    return { view: this.present.view.version, whole: whole.toString(), own: own.toString(), registrations };
  }

  /** What is in a range that this node has held; undefined when it has not. */
  private handOver(range: number): Registrations | undefined {
    const { buggify } = this.parts;
    const whole = this.held.giveUp(range);
    const isForgotten = whole !== undefined && buggify.enabled && buggify.strikes('range-forgotten', FORGOTTEN);
    return isForgotten ? undefined : whole;
  }

  private answerTo(operation: DirectoryOperation): DirectoryAnswer {
    const range = rangeOf(operation.actor);
    const { local } = this.parts;
    if (!local.hasJoined || !this.present.isOwner(local.node, range)) return 'refresh';
    const registrations = this.of(range);
    if (registrations === undefined) return 'retry';
    const found = this.perform(operation, registrations);
    return found === undefined ? null : travelling(found);
  }

  /** Whoever asks has seen a newer view: it is looked at first. @throws MoonpoolError RUNTIME_NOT_READY when it cannot be. */
  private async catchUp(view: number): Promise<void> {
    const { membership, local } = this.parts;
    if (view > this.present.view.version) await membership.refresh().catch(() => undefined);
    if (view > this.present.view.version)
      throw new MoonpoolError('RUNTIME_NOT_READY', {
        message: `The node ${local.toString()} has not seen the view ${view} of its cluster yet`,
      });
  }

  private adopt(view: MembershipView): void {
    const { local, tasks } = this.parts;
    const before = this.present;
    this.present = new RangeOwners(view);
    if (!local.hasJoined) return;
    const { gained, resumed, lost } = this.held.adopt(this.present, local.node);
    this.recordRanges('directory-range-lost', lost);
    this.recordRanges('directory-range-held', resumed, { how: 'resumed' });
    if (gained.length > 0) tasks.spawn('take ranges over', () => this.takeover(gained, before).run());
  }

  private takeover(ranges: readonly number[], before: RangeOwners): RangeTakeover {
    const { local, time, lease, membership, askMember } = this.parts;
    const { held, own } = this;
    return new RangeTakeover(
      {
        ...{ local, held, own, time, lease },
        owners: () => this.present,
        refresh: () => membership.refresh(),
        ask: askMember,
        onKnown: (contents, how) => this.hold(contents, how),
        isOver: () => this.isOver,
      },
      ranges,
      before,
    );
  }

  /** Registrations of nodes that have died on the way mean nothing. */
  private hold(contents: ReadonlyMap<number, readonly Registration[]>, how: string): void {
    const { membership, events } = this.parts;
    for (const [range, registrations] of contents)
      this.held.hold(
        range,
        registrations.filter(({ node }) => membership.isLive(node)),
      );
    if (!events.enabled) return;
    const ranges = [...contents.keys()];
    const registered = ranges.flatMap((range) =>
      [...(this.held.of(range)?.all ?? [])].map(({ actor, activation }) => [actor, activation]),
    );
    this.recordRanges('directory-range-held', ranges, { how, registered: JSON.stringify(registered) });
  }

  /** What the dead have registered is of no use, and nobody else removes it. */
  private forget(member: Member): void {
    const { events } = this.parts;
    for (const registrations of this.held.all())
      for (const { actor, activation, node } of registrations.all) {
        if (!sameNode(node, member)) continue;
        registrations.unregister(actor, activation);
        if (events.enabled) this.record('directory-unregister', { actor, activation });
      }
  }

  private recordRanges(
    name: 'directory-range-held' | 'directory-range-lost',
    ranges: readonly number[],
    fields: Readonly<Record<string, string>> = {},
  ): void {
    if (ranges.length === 0 || !this.parts.events.enabled) return;
    const set = new RangeSet(ranges);
    this.record(name, { count: set.size, ranges: set.toString(), view: this.present.view.version, ...fields });
  }

  private record(
    name: 'directory-register' | 'directory-unregister' | 'directory-range-held' | 'directory-range-lost',
    fields: Readonly<Record<string, string | number>>,
  ): void {
    this.parts.events.record(name, { ...fields, by: formatNodeId(this.parts.local.node) });
  }
}

/** About how many characters it takes in an answer. */
function lengthOf({ actor, activation, address }: Registration): number {
  return AROUND_LENGTH + actor.length + activation.length + address.length;
}
