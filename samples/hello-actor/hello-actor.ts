import { Actor, ActorContext, Handler, inject } from 'moonpool';

/** A virtual actor: there is one for each name, it is made by the first call, and it lives on one node of the cluster. */
@Actor({ name: 'Greeter' })
export class Greeter {
  private greetings = 0;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  /** Greets, and forwards greeting to the actors that follow, wherever they are. */
  @Handler() async greet(caller: string, others: readonly string[] = []): Promise<readonly string[]> {
    this.greetings++;
    const { key, node } = this.context;
    const greeting = `${key}, on ${node.name}, greets ${caller} (greeting ${this.greetings})`;
    const [next, ...rest] = others;
    return next === undefined ? [greeting] : [greeting, ...(await this.context.actor(Greeter, next).greet(key, rest))];
  }
}
