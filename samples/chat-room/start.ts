import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { NodeReady, NodesReady } from './node';

const USAGE = `A chat on two node processes, each with a page of its own.

  npm run chat-room                      open one tab on each address, and chat
  npm run chat-room -- --data my-chat    keep the history there

  --ports A,B      the ports of the two pages (default 8081,8082; 0 takes a free one)
  --data FOLDER    keep the database there (default: a temporary folder, removed at the end)
  --seconds N      end after so many seconds (default: at Ctrl-C)
  --help           print this
`;

const NAMES = ['north', 'south'];
const STOP_LIMIT_MS = 5_000;

interface Options {
  readonly ports: readonly number[];
  readonly data: string | undefined;
  readonly seconds: number | undefined;
}

/** A mistake of whoever typed the command. */
class UsageError extends Error {}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: { ports: { type: 'string', default: '8081,8082' }, data: { type: 'string' }, seconds: { type: 'string' }, help: { type: 'boolean', default: false } },
  });
  if (values.help) return undefined;
  const ports = values.ports.split(',').map(Number);
  if (ports.length !== NAMES.length || ports.some((port) => !Number.isInteger(port) || port < 0 || port > 65_535)) {
    throw new UsageError(`--ports wants two ports, such as 8081,8082; '${values.ports}' was given`);
  }
  const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
  if (seconds !== undefined && !(seconds > 0)) throw new UsageError(`--seconds wants a number above 0; '${values.seconds}' was given`);
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
  const nodes = NAMES.map((name, index) => fork(join(__dirname, 'node.js'), ['--name', name, '--port', String(ports[index]), '--database', join(folder, 'chat.db')]));
  try {
    // Waited for from the beginning: a Ctrl-C that comes while the nodes start must not be lost.
    const asked = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
    const urls = await Promise.race([Promise.all(nodes.map(addressOf)), asked.then(() => undefined)]);
    if (urls === undefined) return 0;
    nodes.forEach((node) => node.send({ kind: 'gateways', urls } satisfies NodesReady));
    say('Open one tab on each, and chat:');
    nodes.forEach(({ pid }, index) => say(`  ${urls[index]}  (${NAMES[index]}, process ${pid})`));
    say('Kill one of them with kill -9 PROCESS: its tabs go over to the other, and nothing that was said is lost. Ctrl-C ends it all.');
    const allEnded = Promise.all(nodes.map((node, index) => watch(node, NAMES[index] as string)));
    const timeIsUp = seconds === undefined ? new Promise<never>(() => undefined) : new Promise<void>((done) => setTimeout(done, seconds * 1_000).unref());
    const isAlive = await Promise.race([asked.then(() => true), timeIsUp.then(() => true), allEnded.then(() => false)]);
    return isAlive ? 0 : 1;
  } finally {
    await Promise.all(nodes.map(stop));
    if (data === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function addressOf(node: ChildProcess): Promise<string> {
  const ended = once(node, 'exit').then(() => undefined);
  const message = await Promise.race([once(node, 'message') as Promise<[NodeReady]>, ended]);
  if (message === undefined) throw new UsageError('A node ended before it was ready; why stands above. When its port is taken, choose others with --ports.');
  return message[0].url;
}

async function watch(node: ChildProcess, name: string): Promise<void> {
  if (isRunning(node)) await once(node, 'exit');
  say(`${name} has ended${node.signalCode === null ? '' : `, by ${node.signalCode}`}`);
}

async function stop(node: ChildProcess): Promise<void> {
  if (!isRunning(node)) return;
  const killer = setTimeout(() => node.kill('SIGKILL'), STOP_LIMIT_MS);
  node.kill('SIGTERM');
  await once(node, 'exit');
  clearTimeout(killer);
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof UsageError ? error.message : error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(2);
  },
);
