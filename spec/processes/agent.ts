import { Actor, ActorContext, Handler, inject, Reentrant, unchecked, type ActorReference } from 'moonpool';
import { Gate } from './gate';
import { letGo, mailboxes, notesAbout, type Note } from './node-journal';
import { timedCall, type Outcome } from './timed-call';

/** An actor that says where it lives. */
export interface Located {
  where(): Promise<string>;
}

/** A call that an agent shall make. */
export interface Errand {
  readonly target: ActorReference<object>;
  readonly method: string;
  readonly args: readonly unknown[];
  /** Default: `call`. */
  readonly how?: 'call' | 'send' | 'try-send';
  readonly timeoutMs?: number;
  /** What is said about the request beside its arguments. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** What a call has that says nothing else, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 30_000;

type AnyMethods = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;

/** One on each node: makes calls from there, and tells what was noted there. */
@Reentrant()
@Actor({ name: 'Agent', static: true })
export class Agent {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }

  /** Calls the actor from this node, where it is activated if it is nowhere: nodes of these specs place actors at home. */
  @Handler() async reach(actor: ActorReference<Located>): Promise<string> {
    return actor.where();
  }

  /** Makes one call from this node, and says what came of it. */
  @Handler() async run({ target, method, args, how = 'call', timeoutMs, context }: Errand): Promise<Outcome> {
    const options = { ...(timeoutMs !== undefined && { timeoutMs }), ...(context !== undefined && { context }) };
    const actor = target.$with(options);
    const methods = (how === 'send'
      ? actor.$send
      : how === 'try-send'
        ? actor.$trySend
        : actor) as unknown as AnyMethods;
    const { name } = this.context.node;
    return timedCall(name, timeoutMs ?? DEFAULT_TIMEOUT_MS, async () => methods[method]?.(...args));
  }

  /** Makes all the calls at once; with the key of a gate, when that opens. */
  @Handler({ accepts: unchecked }) async runAll(
    errands: readonly Errand[],
    gate?: string,
  ): Promise<readonly Outcome[]> {
    if (gate !== undefined) await this.context.actor(Gate, gate).pass(this.context.node.name);
    return Promise.all(errands.map((errand) => this.run(errand)));
  }

  /** Makes one call of each actor with a list that it changes as soon as the call is made. */
  @Handler() async mutateAfterCall(
    target: ActorReference<{ keep(list: number[]): Promise<number[]> }>,
  ): Promise<readonly number[][]> {
    const mine = [1, 2];
    const answer = target.keep(mine);
    mine.push(3);
    return [mine, await answer];
  }

  @Handler() async notes(about: string): Promise<readonly Note[]> {
    return notesAbout(about);
  }

  /** How many calls wait in the mailbox of the actor, which lives on this node. */
  @Handler() async waiting(path: string): Promise<number> {
    return mailboxes.waiting(path);
  }

  /** Lets those turns on this node go that wait for it. */
  @Handler() async letGo(about: string): Promise<void> {
    letGo(about);
  }

  /** Notes what is said about this request, here and at the actor that is called. */
  @Handler() async valuesBeforeAndAfter(
    target: ActorReference<{ values(route: readonly string[]): Promise<unknown> }>,
    route: readonly string[],
  ): Promise<readonly unknown[]> {
    const { requestContext } = this.context;
    requestContext.set('agent', this.context.node.name);
    const before = { ...requestContext.values };
    const seen = await target.values(route);
    return [before, seen, { ...requestContext.values }];
  }
}
