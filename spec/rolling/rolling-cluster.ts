import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Release } from './release';
import type { LoadReport } from './rolling-load';
import type { RollingMessage } from './rolling-process';

/** How much of what a process writes is kept, for the message of a failure. */
const KEPT_OUTPUT = 4_000;
/** How long a process may take to be ready, or to end, in milliseconds. */
const LIMIT_MS = 30_000;

interface RollingProcess {
  readonly name: string;
  readonly child: ChildProcess;
  address: string;
  output: string;
}

/** Nodes and clients of two releases as processes on one store; each node keeps its name and its address when its release changes. */
export class RollingCluster {
  private readonly folder = mkdtempSync(join(tmpdir(), 'moonpool-rolling-'));
  private readonly running = new Map<string, RollingProcess>();
  /** Where each node listens, from its first start on. */
  private readonly addresses = new Map<string, string>();

  /** The store that all share. */
  readonly database = join(this.folder, 'cluster.db');

  /** @param secret of the cluster. */
  constructor(readonly secret: string) {}

  /** Starts a node of the release; resolves when it has joined. */
  async node(name: string, release: Release): Promise<void> {
    const { address } = await this.launch('node', name, release, this.addresses.get(name) ?? '127.0.0.1:0');
    this.addresses.set(name, address);
  }

  /** Starts a client of the release, which makes its load from then on. */
  async client(name: string, release: Release): Promise<void> {
    await this.launch('client', name, release, '');
  }

  /** Has the node end in order, and one of the release take its place. */
  async replace(name: string, release: Release): Promise<void> {
    await this.end(name);
    await this.node(name, release);
  }

  /** Ends the load of a client. */
  async report(name: string): Promise<LoadReport> {
    const { child } = this.find(name);
    const told = once(child, 'message') as Promise<[RollingMessage]>;
    child.send('stop');
    const [message] = await told;
    if (message.kind !== 'report') throw new Error(`${name} told ${message.kind} in place of its report`);
    return message.report;
  }

  /** Ends all processes, clients first. @returns what went wrong with them, as sentences. */
  async stop(): Promise<readonly string[]> {
    const problems: string[] = [];
    for (const name of [...this.running.keys()].reverse()) {
      try {
        await this.end(name);
      } catch (error) {
        problems.push(String(error));
      }
    }
    rmSync(this.folder, { recursive: true, force: true });
    return problems;
  }

  private async end(name: string): Promise<void> {
    const { child, output } = this.find(name);
    const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    const killer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    child.kill('SIGTERM');
    const [code, signal] = await exited;
    clearTimeout(killer);
    this.running.delete(name);
    if (code !== 0) throw new Error(`${name} ended with ${code ?? signal}: ${output}`);
  }

  private find(name: string): RollingProcess {
    const found = this.running.get(name);
    if (found === undefined) throw new Error(`${name} does not run`);
    return found;
  }

  private async launch(role: string, name: string, release: Release, listen: string): Promise<RollingProcess> {
    const args = ['--role', role, '--name', name, '--database', this.database, '--secret', this.secret];
    if (listen !== '') args.push('--listen', listen);
    const child = fork(release.program, args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    const launched: RollingProcess = { name, child, address: '', output: '' };
    this.running.set(name, launched);
    for (const stream of [child.stdout, child.stderr])
      stream?.on(
        'data',
        (chunk: Buffer) => (launched.output = (launched.output + chunk.toString()).slice(-KEPT_OUTPUT)),
      );
    const ready = once(child, 'message') as Promise<[RollingMessage]>;
    const ended = once(child, 'exit').then(() => undefined);
    const message = await Promise.race([ready, ended]);
    if (message?.[0].kind !== 'ready')
      throw new Error(`${name} of ${release.name} ended before it was ready: ${launched.output}`);
    launched.address = message[0].address;
    return launched;
  }
}
