import { Actor, ActorContext, Handler, inject, Reentrant } from 'moonpool';
import { note, release } from './node-journal';

/** Passes on what it is asked along a route of others like it. */
@Actor({ name: 'Traveller' })
export class Traveller {
  private begun = 0;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }

  /** The last of the route waits for its signal; each notes when its own signal aborts. */
  @Handler() async endure(route: readonly string[], journal: string): Promise<void> {
    this.begun++;
    const { node, signal } = this.context;
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    note(journal, 'begun', node.name);
    const [next, ...rest] = route;
    // A long time of one's own must not outlive the time of the caller.
    if (next !== undefined)
      this.context
        .actor(Traveller, next)
        .$with({ timeoutMs: 60_000, signal })
        .endure(rest, journal)
        .catch(() => undefined);
    await aborted;
    note(journal, 'aborted', node.name);
    // An answer at the very last moment would be one still; and after it this turn has no time for calls of its own.
    await release(journal);
  }
  @Handler() async timesBegun(): Promise<number> {
    return this.begun;
  }
  /** What is said about the request at each of the route. */
  @Handler() async values(route: readonly string[]): Promise<readonly unknown[]> {
    const { requestContext, node } = this.context;
    const [next, ...rest] = route;
    const mine = { ...requestContext.values };
    if (next === undefined) return [mine];
    requestContext.set(`by ${node.name}`, next);
    const others = await this.context.actor(Traveller, next).values(rest);
    return [mine, ...others];
  }
  @Handler() async ring(): Promise<string> {
    return 'ring';
  }
}

/** Calls along a path that may come back to itself, and waits for each. */
@Actor({ name: 'Strict' })
export class Strict {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
  @Handler() async ask(path: readonly string[]): Promise<readonly string[]> {
    const [next, ...rest] = path;
    const others = next === undefined ? [] : await this.context.actor(Strict, next).ask(rest);
    return [this.context.node.name, ...others];
  }
}

@Reentrant('call-chain')
@Actor({ name: 'Relaxed' })
export class Relaxed {
  private inside = 0;
  private most = 0;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
  @Handler() async ask(path: readonly string[]): Promise<readonly string[]> {
    this.most = Math.max(this.most, ++this.inside);
    const [next, ...rest] = path;
    const others = next === undefined ? [] : await this.context.actor(Relaxed, next).ask(rest);
    this.inside--;
    return [this.context.node.name, ...others];
  }
  /** How many turns were under way together, at most. */
  @Handler() async mostInside(): Promise<number> {
    return this.most;
  }
}
