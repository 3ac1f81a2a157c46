import { Actor, ActorContext, Handler, inject } from 'moonpool';

/** Has nothing but a place: by the hundred thousand. */
@Actor({ name: 'Pebble' })
export class Pebble {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  /** The name of its node. */
  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
}
