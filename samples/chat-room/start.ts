import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { NodeProcess } from './node-process';

const USAGE = `A chat on two node processes, each with a page of its own.

  npm run chat-room                      open one tab on each address, and chat
  npm run chat-room -- --data my-chat    keep the history there

  --ports A,B      the ports of the two pages (default 8081,8082; 0 takes a free one)
  --data FOLDER    keep the database there (default: a temporary folder, removed at the end)
  --seconds N      end after so many seconds (default: at Ctrl-C)
  --help           print this
`;

const NAMES = ['north', 'south'];

interface Options {
  readonly ports: readonly number[];
  readonly data: string | undefined;
  readonly seconds: number | undefined;
}

/** A mistake of whoever typed the command. */
class UsageError extends Error {}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      ports: { type: 'string', default: '8081,8082' },
      data: { type: 'string' },
      seconds: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const ports = values.ports.split(',').map(Number);
  if (ports.length !== NAMES.length || ports.some((port) => !Number.isInteger(port) || port < 0 || port > 65_535)) {
    throw new UsageError(`--ports wants two ports, such as 8081,8082; '${values.ports}' was given`);
  }
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (seconds !== undefined && !(seconds > 0))
    throw new UsageError(`--seconds wants a number above 0; '${values.seconds}' was given`);
  return { ports, data: values.data, seconds };
}

async function main(): Promise<number> {
  const options = readOptions();
  if (options === undefined) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { ports, data, seconds } = options;
  const folder = data ?? mkdtempSync(join(tmpdir(), 'moonpool-chat-'));
  mkdirSync(folder, { recursive: true });
  const nodes = NAMES.map(
    (name, index) => new NodeProcess({ name, port: ports[index] as number, database: join(folder, 'chat.db'), say }),
  );
  try {
    // Waited for from the beginning: a Ctrl-C that comes while the nodes start must not be lost.
    const asked = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    const urls = await Promise.race([Promise.all(nodes.map(startOf)), asked.then(() => undefined)]);
    if (urls === undefined) return 0;
    nodes.forEach((node) => node.introduce(urls));
    say('Open one tab on each, and chat:');
    nodes.forEach(({ url, pid }, index) => say(`  ${url}  (${NAMES[index]}, process ${pid})`));
    say(
      'Kill one of them with kill -9 PROCESS: its tabs go over to the other, nothing that was said is lost, and it is started again after a second.',
    );
    say('Ctrl-C ends it all.');
    const allEnded = Promise.all(nodes.map(({ ended }) => ended));
    const timeIsUp =
      seconds === undefined
        ? new Promise<never>(() => undefined)
        : new Promise<void>((done) => setTimeout(done, seconds * 1_000).unref());
    const isAlive = await Promise.race([asked.then(() => true), timeIsUp.then(() => true), allEnded.then(() => false)]);
    return isAlive ? 0 : 1;
  } finally {
    await Promise.all(nodes.map((node) => node.stop()));
    if (data === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function startOf(node: NodeProcess): Promise<string> {
  const url = await node.start();
  if (url === undefined)
    throw new UsageError(
      'A node ended before it was ready; why stands above. When its port is taken, choose others with --ports.',
    );
  return url;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(
      `${error instanceof UsageError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(2);
  },
);
