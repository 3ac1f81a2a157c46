import 'reflect-metadata';
import { Actor, ActorContext, ActorRuntime, Handler, inject, sqlite } from 'moonpool';

@Actor({ name: 'Desk' })
export class Desk {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler({ readOnly: true }) async whereabouts(): Promise<string> {
    return this.context.node.name;
  }
}

/** A node with the default lease. */
export function startKillNode(name: string, file: string): Promise<ActorRuntime> {
  return ActorRuntime.start({
    namespace: 'kills',
    name,
    actors: [Desk],
    modules: [sqlite({ file })],
    inProcess: false,
  });
}

if (require.main === module) {
  const [, , name = '', file = ''] = process.argv;
  void startKillNode(name, file).then(() => process.send?.('ready'));
}
