import { ActorRuntime, sqlite, type ContainerModule } from 'moonpool';
import { postgres } from 'moonpool/postgres';
import { Account, Alarm, Listener } from './durable-actors';
import type { AskedOfNode, Change, NodeStore, Question, ToldByNode, ToldError } from './node-messages';

/** How long a call may take: less than a round lasts. */
const TIMEOUT_MS = 10_000;

function moduleOf(store: NodeStore): ContainerModule {
  return store.engine === 'sqlite'
    ? sqlite({ file: store.file })
    : postgres({ connection: store.connection, schema: 'durability', durability: store.durability });
}

function run(node: ActorRuntime, asked: Change | Question): Promise<unknown> {
  const once = 'key' in asked ? { idempotencyKey: asked.key, timeoutMs: TIMEOUT_MS } : {};
  switch (asked.kind) {
    case 'enter':
      return node.actor(Account, asked.account).$with(once).enter(asked.key);
    case 'tell':
      return node.actor(Listener, asked.account).$deliver.$with({ id: asked.key }).hear(asked.key);
    case 'alarm':
      return node.actor(Alarm, asked.key).$with(once).set(asked.delayMs);
    case 'books':
      return node.actor(Account, asked.account).books();
    case 'heard':
      return node.actor(Listener, asked.account).keys();
    case 'rings':
      return node.actor(Alarm, asked.key).rings();
  }
}

function told(error: unknown): ToldError {
  const { code = 'none', message = String(error) } = error as Partial<ToldError>;
  return { code, message };
}

/** A node that does what its parent asks for, until it is killed. */
async function main(): Promise<void> {
  const store = JSON.parse(process.argv[2] ?? '') as NodeStore;
  const node = await ActorRuntime.start({
    namespace: 'durability',
    name: 'node',
    actors: [Account, Listener, Alarm],
    modules: [moduleOf(store)],
    deliveries: { pollMs: 50, graceMs: 200 },
  });
  const say = (message: ToldByNode) => process.send?.(message);
  process.on('message', ({ id, asked }: AskedOfNode) => {
    run(node, asked).then(
      (answer) => say({ id, answer }),
      (error: unknown) => say({ id, error: told(error) }),
    );
  });
  process.once('disconnect', () => process.exit(2));
  say('ready');
  const { reason, description } = await node.terminated;
  process.stderr.write(`${description}\n`);
  process.exit(reason === 'shutdown' ? 0 : 1);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
