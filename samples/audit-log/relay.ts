import { Actor, ActorContext, Handler, inject, listOf } from 'moonpool';

/** Forwards what it is asked to the relays that follow, so that one call becomes a chain of calls over several nodes. */
@Actor({ name: 'Relay' })
export class Relay {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  /** @returns the nodes over which the call has gone. */
  @Handler({ accepts: [listOf(String)] }) async pass(others: readonly string[]): Promise<readonly string[]> {
    const [next, ...rest] = others;
    const behind = next === undefined ? [] : await this.context.actor(Relay, next).pass(rest);
    return [this.context.node.name, ...behind];
  }

  @Handler() async refuse(): Promise<void> {
    throw new Error('this relay refuses');
  }
}
