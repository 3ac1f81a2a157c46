import { parseArgs } from 'node:util';
import { ActorRuntime, sqlite } from 'moonpool';
import { ChatMember } from './chat-member';
import { ChatRoom } from './chat-room';
import { Gateway } from './gateway';

/** What a node tells the process that started it. */
export interface NodeReady {
  readonly kind: 'ready';
  /** The address of its page. */
  readonly url: string;
}

/** What a node is given when all of them run. */
export interface NodesReady {
  readonly kind: 'gateways';
  readonly urls: readonly string[];
}

/** The fast profile: a killed node is declared dead after about so many milliseconds. */
const LEASE_TTL_MS = 3_000;

/** One node of the chat, as a process of its own: it hosts rooms, and serves browsers. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { name: { type: 'string' }, port: { type: 'string', default: '0' }, database: { type: 'string' } },
  });
  const { name, port, database } = values;
  if (name === undefined || database === undefined)
    throw new Error('Usage: node.js --name NAME --database FILE [--port PORT]');

  const runtime = await ActorRuntime.start({
    namespace: 'chat',
    name,
    actors: [ChatRoom],
    observers: [ChatMember],
    lease: { ttlMs: LEASE_TTL_MS },
    transport: { reconnectMaxMs: 500 },
    modules: [sqlite({ file: database })],
  });
  const gateway = await Gateway.open(runtime, Number(port));
  // The tabs go first, while the room can still learn that they leave.
  const end = (): void => void gateway.close().then(() => runtime.shutdown());
  process.on('message', (message: NodesReady) => {
    if (message.kind === 'gateways') gateway.gateways = message.urls;
  });
  process.send?.({ kind: 'ready', url: gateway.url } satisfies NodeReady);

  process.once('SIGTERM', end);
  // Ctrl-C reaches the whole group of processes; the parent decides when nodes end.
  process.on('SIGINT', () => undefined);
  // Without its parent nobody would ever stop this node.
  process.once('disconnect', end);
  const { reason } = await runtime.terminated;
  // A node that was fenced serves nothing any more; its tabs go over to the other when this process ends.
  process.exit(reason === 'shutdown' ? 0 : 1);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  });
}
