import { Actor, ActorContext, Handler, inject, isMoonpoolError, Reentrant, type ActorReference } from 'moonpool';
import { notesAbout, type Note } from './node-journal';

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

/** An error as it came to the node that made the call. */
export interface SeenError {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly executed: string | undefined;
  /** Own fields, but for those that every error has. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The standard classes of which it is an instance. */
  readonly classes: readonly string[];
  /** True when it tells of the files of the node that threw it. */
  readonly hasForeignStack: boolean;
  readonly cause: SeenError | undefined;
}

/** What came of an errand. */
export interface Outcome {
  /** The name of the node that made the call. */
  readonly caller: string;
  readonly value?: unknown;
  readonly error?: SeenError;
  readonly tookMs: number;
}

type AnyMethods = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;

const STANDARD = [RangeError, TypeError, SyntaxError];
const FIELDS_OF_ALL: ReadonlySet<string> = new Set(['name', 'message', 'stack', 'cause', 'code', 'executed', 'remedy', 'detail']);

/** Describes an error, so that it can be looked at elsewhere just as it came here. */
export function describeError(error: unknown): SeenError {
  if (!(error instanceof Error)) throw new TypeError(`no error but ${String(error)} was thrown`);
  const moonpool = isMoonpoolError(error) ? error : undefined;
  return {
    name: error.name,
    message: error.message,
    code: moonpool?.code,
    executed: moonpool?.executed,
    fields: Object.fromEntries(Object.entries(error).filter(([field]) => !FIELDS_OF_ALL.has(field))),
    classes: STANDARD.filter((type) => error instanceof type).map(({ name }) => name),
    hasForeignStack: /faulty-actors/.test(error.stack ?? ''),
    cause: error.cause === undefined ? undefined : describeError(error.cause),
  };
}

/** One on each node: makes calls from there, and tells what was noted there. */
@Reentrant()
@Actor({ name: 'Agent' })
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
    const methods = (how === 'send' ? actor.$send : how === 'try-send' ? actor.$trySend : actor) as unknown as AnyMethods;
    const begunAt = performance.now();
    const caller = this.context.node.name;
    try {
      const value = await methods[method]?.(...args);
      return { caller, value, tookMs: performance.now() - begunAt };
    } catch (error) {
      return { caller, error: describeError(error), tookMs: performance.now() - begunAt };
    }
  }

  /** Makes all the calls at once. */
  @Handler() async runAll(errands: readonly Errand[]): Promise<readonly Outcome[]> {
    return Promise.all(errands.map((errand) => this.run(errand)));
  }

  /** Makes one call of each actor with a list that it changes as soon as the call is made. */
  @Handler() async mutateAfterCall(target: ActorReference<{ keep(list: number[]): Promise<number[]> }>): Promise<readonly number[][]> {
    const mine = [1, 2];
    const answer = target.keep(mine);
    mine.push(3);
    return [mine, await answer];
  }

  @Handler() async notes(about: string): Promise<readonly Note[]> {
    return notesAbout(about);
  }

  /** Notes what is said about this request, here and at the actor that is called. */
  @Handler() async valuesBeforeAndAfter(target: ActorReference<{ values(route: readonly string[]): Promise<unknown> }>, route: readonly string[]): Promise<readonly unknown[]> {
    const { requestContext } = this.context;
    requestContext.set('agent', this.context.node.name);
    const before = { ...requestContext.values };
    const seen = await target.values(route);
    return [before, seen, { ...requestContext.values }];
  }
}
