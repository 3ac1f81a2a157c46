import { inCleanContext } from '../concurrency/clean-context';
import type { OpenCall } from '../calls/open-calls';
import type { Request } from '../calls/request';
import { RefusalReason } from '../calls/turn-refusal';
import type { TurnMode } from '../metadata/actor-descriptor';
import { unknownHandler } from '../metadata/unknown-handler';
import type { Runnable } from '../scheduling/run-queue';
import { Admission } from './admission';
import { HookRequest, type Hook } from './hook-request';
import { LeftCalls } from './left-calls';
import { conditionFailed, decidedTooEarly, waitsForItself } from './not-started';
import { MailboxRoom } from './mailbox-room';
import { runTurn } from './run-turn';
import { Turn, type TurnDurability, type TurnHome } from './turn';
import type { TurnLoopOwner, TurnLoopParts } from './turn-owner';
import { TurnPace } from './turn-pace';
import { turnTracker } from './turn-tracker';
import { WaitingRequests } from './waiting-requests';

/**
 * Lets the requests of one activation have their turns: in the order of their arrival, one at a time, but for those that may overlap. It is the
 * {@link Admission} itself, and has none: there is one for each activation.
 */
export class TurnLoop extends Admission implements Runnable, TurnHome {
  /** Those that wait; undefined while none does, for most activations are quiet most of the time. */
  private requests: WaitingRequests | undefined;
  /** The turn under way that overlaps no other of its kind; there is one at most. */
  private sole: Turn | undefined;
  /** How many turns are under way that may overlap others, and so are tracked. */
  private tracked = 0;
  private turns = 0;
  private left: LeftCalls | undefined;
  /** In whole milliseconds, which need no memory of their own. Nobody asks before it has started. */
  private usedAt = 0;
  /** Made when requests wait for each other. */
  private pace: TurnPace | undefined;

  constructor(
    private readonly owner: TurnLoopOwner,
    private readonly capacity: number,
    private readonly parts: TurnLoopParts,
  ) {
    super(owner.descriptor.reentrant);
  }

  get id(): string {
    return this.owner.id;
  }

  get durable(): TurnDurability {
    return this.owner.durable;
  }

  /** How many requests wait. */
  get waiting(): number {
    return this.requests?.total ?? 0;
  }

  /** How long what waits will take, in milliseconds, by how long it took of late; 0 when nothing is known of it. */
  get waitMs(): number {
    return this.requests === undefined ? 0 : (this.pace?.waitMs(this.requests.length) ?? 0);
  }

  get leftCalls(): readonly OpenCall[] {
    return this.left?.all ?? NO_CALLS;
  }

  /** Milliseconds since the last turn ended that counts as use; 0 while there is something to do. */
  get idleMs(): number {
    return this.running === 0 && this.waiting === 0 ? this.parts.time.now() - this.usedAt : 0;
  }

  /** The turn whose code is running; undefined outside of turns. */
  get current(): Turn | undefined {
    const tracked = this.tracked > 0 ? turnTracker.current : undefined;
    return tracked !== undefined && tracked.isLinked && tracked.loop === this ? tracked : this.sole;
  }

  /** Takes the request; it is run, answered with an error, or given back by {@link rejectAll}. */
  receive(request: Request): void {
    const { owner } = this;
    if (this.waiting >= this.capacity && !this.makeRoom(request)) return;
    const mode =
      owner.descriptor.overlap !== 'none' || request.work !== undefined ? this.modeOrRefusal(request) : 'alone';
    if (mode === undefined) return;
    const isAwaited = this.isAwaited(request);
    const overtakes = mode === 'interleaved' && (isAwaited || !owner.isEnding);
    if (isAwaited && !overtakes && !this.admits(mode)) {
      request.reply.error(waitsForItself(request));
      return;
    }
    if (owner.isActive && this.waiting === 0 && (overtakes || !owner.isEnding) && this.admits(mode)) {
      this.beginAtOnce(request, mode, overtakes || isAwaited);
      return;
    }
    this.enqueue(request, mode, overtakes || isAwaited);
    if (!owner.isActive) return;
    acknowledge(request);
    if (this.admits(mode) && this.parts.runQueue.admits(this)) this.run();
  }

  private enqueue(request: Request, mode: TurnMode, isExpress: boolean): void {
    this.requests ??= new WaitingRequests(this.parts.load);
    if (isExpress) this.requests.addExpress(request, mode);
    else this.requests.add(request, mode);
  }

  /** Nothing waits before the request: in the common case its turn begins without its going through the mailbox. */
  private beginAtOnce(request: Request, mode: TurnMode, isExpress: boolean): void {
    acknowledge(request);
    const isNow = this.parts.runQueue.admits(this);
    if (!isNow || !this.parts.mayServe()) {
      this.enqueue(request, mode, isExpress);
      if (isNow) this.owner.onUnserved();
      return;
    }
    // What came this moment need not ask again what time it is.
    this.begin(request, mode, request.arrivedAt);
    if (this.running === 0) this.owner.onQuiet();
  }

  /** The actor is active: what has waited for that begins. */
  start(): void {
    this.noteUse();
    this.requests?.each(acknowledge);
    this.parts.runQueue.submit(this);
  }

  /** Starts what may start. Called by the run queue. */
  run(): void {
    const { owner } = this;
    if (!owner.isActive) return;
    if (!this.parts.mayServe()) {
      owner.onUnserved();
      return;
    }
    if (this.requests !== undefined) this.beginWaiting(this.requests);
    if (this.running === 0) owner.onQuiet();
  }

  /** Starts those of them that may start now. */
  private beginWaiting(requests: WaitingRequests): void {
    const { owner } = this;
    const { express } = requests;
    for (let first = express?.first; first !== undefined && this.admits(first.mode); first = express?.first) {
      express?.take();
      this.begin(first.request, first.mode);
    }
    for (
      let { first } = requests;
      first !== undefined && !owner.isEnding && this.admits(first.mode);
      { first } = requests
    ) {
      requests.take();
      this.begin(first.request, first.mode);
    }
    if (requests.total === 0 && this.requests === requests) this.requests = undefined;
  }

  /** Runs a hook, when no turn is under way: calls made from it have the turn that it is given. */
  async runHook(hook: Hook, limitMs: number, code: () => unknown): Promise<void> {
    const turn = this.openHook(hook, limitMs);
    try {
      await code();
      await turn.preparing;
      // What it has decided is durable when it is over, as at the end of a turn.
      await this.owner.durable.commitSoFar(turn);
    } finally {
      this.close(turn);
    }
  }

  /** Runs the constructor, as {@link runHook} does a hook; it cannot wait for the calls that it makes. */
  runConstructor(limitMs: number, construct: () => object): object {
    const turn = this.openHook('constructor', limitMs);
    try {
      const made = construct();
      if (turn.decisions?.hasAny === true) throw decidedTooEarly(this.owner.target.path);
      return made;
    } finally {
      this.close(turn);
    }
  }

  private openHook(hook: Hook, limitMs: number): Turn {
    const now = this.parts.time.now();
    const request = new HookRequest(this.owner.target, hook, now + limitMs);
    const turn = new Turn(request, request.work, 0, 'alone', now, this, false);
    this.sole = turn;
    this.parts.running.add(turn);
    return turn;
  }

  /** The turns that the call waits for: its own when it has begun, or the one that this waits for; otherwise those under way; none when it is not here. */
  turnsFor(call: string): readonly Turn[] {
    const turns = this.parts.running.of(this);
    const own = turns.find(({ request }) => request.call === call);
    if (own !== undefined) return [own.behind?.turn ?? own];
    return this.requests?.has(call) === true ? turns : NO_TURNS;
  }

  /** The turn of the call, when it waits for another one that has its key. */
  queued(call: string): Turn | undefined {
    return this.parts.running.of(this).find(({ request, behind }) => request.call === call && behind !== undefined);
  }

  /** Takes the call out of those that wait; undefined when it is not there. */
  takeOut(call: string): Request | undefined {
    return this.requests?.takeOut(call);
  }

  /** Answers all that wait with the error. */
  failAll(error: unknown): void {
    this.requests?.drain((request) => request.reply.error(error));
  }

  /** Gives back all that wait. */
  rejectAll(rejection: Parameters<Request['reply']['reject']>[0]): void {
    this.requests?.drain((request) => request.reply.reject(rejection));
  }

  /** The turn is over. */
  end(turn: Turn): void {
    this.leave(turn.mode);
    this.close(turn);
    // From its end, and not from its beginning: it may have taken long, and whoever comes next expects to find what it has left.
    if (turn.handler.options.keepsAlive !== false) this.noteUse();
  }

  private noteUse(): void {
    this.usedAt = Math.trunc(this.parts.time.now());
  }

  private close(turn: Turn): void {
    this.parts.running.remove(turn);
    turn.close();
    if (turn.mayOverlap) this.tracked--;
    else this.sole = undefined;
    if (turn.openCalls !== undefined && turn.openCalls.length > 0)
      (this.left ??= new LeftCalls(this.parts.refusals)).add(turn.request, turn.openCalls);
  }

  private begin(request: Request, mode: TurnMode, now = this.parts.time.now()): void {
    if (request.abandoned) return;
    const { target, method } = request;
    if (request.deadline <= now) {
      request.reply.refuse({ reason: RefusalReason.expired, amount: now - request.deadline });
      return;
    }
    const { owner } = this;
    const { handlers, reminders } = owner.descriptor;
    const handler =
      request.work ?? handlers.get(method) ?? (reminders.size > 0 ? owner.reminders?.workOf(method) : undefined);
    if (handler === undefined) {
      request.reply.error(unknownHandler(method, target.path, [...handlers.keys()]));
      return;
    }
    const { setting } = this.parts;
    const mayOverlap = mode !== 'alone' || owner.descriptor.overlap === 'all' || setting.tracksTurns;
    const turn = new Turn(request, handler, ++this.turns, mode, now, this, mayOverlap);
    this.enter(mode);
    this.parts.turnCounters.turns.value++;
    this.parts.runQueue.onTurn(now);
    const waiting = this.requests?.length ?? 0;
    if (waiting > 0) this.pace ??= new TurnPace();
    this.pace?.onTurn(waiting, now);
    if (mayOverlap) this.tracked++;
    else this.sole = turn;
    this.parts.running.add(turn);
    // Whoever made it ready may be in the midst of code of their own.
    inCleanContext(runTurn, turn, owner, owner.instance as object, setting);
  }

  /** True when the request may be added to a mailbox that is full. It is seldom, and an activation is to be small. */
  private makeRoom(request: Request): boolean {
    this.requests ??= new WaitingRequests(this.parts.load);
    return new MailboxRoom(this.requests, this.capacity, this.owner, this.parts).makeRoom(request);
  }

  /** How the turn will go with others; undefined when the class cannot say, which the request is then told. */
  private modeOrRefusal(request: Request): TurnMode | undefined {
    try {
      const { work, method } = request;
      return this.modeOf(request, (work ?? this.owner.descriptor.handlers.get(method))?.mode ?? 'alone');
    } catch (error) {
      // This may be the midst of a connection's packets.
      request.reply.error(conditionFailed(request, error));
      return undefined;
    }
  }
}

function acknowledge(request: Request): void {
  if (request.isAnsweredOnArrival === true) request.reply.value(undefined, NO_TURN);
}

const NO_TURNS: readonly Turn[] = [];
const NO_CALLS: readonly OpenCall[] = [];
const NO_TURN = { epoch: 0, turn: 0, version: 0 };
