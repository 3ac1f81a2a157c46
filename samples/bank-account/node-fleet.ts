import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { StoreAddress } from './bank-store';
import type { NodeReady } from './node';

/** A node as its supervisor sees it. */
interface FleetNode {
  readonly name: string;
  /** The address of its first start, which it keeps. */
  listen: string;
  process: ChildProcess | undefined;
  isReady: boolean;
  /** Until when it must not be started again, by the clock of this process. */
  restAt: number;
}

/** How soon a node that ended is started again, in milliseconds. */
const RESTART_MS = 500;

/** Node processes on this machine, and a supervisor that starts again whichever of them ends. */
export class NodeFleet {
  private readonly nodes: FleetNode[];
  private isStopping = false;
  /** Learns what happens to nodes. */
  onEvent: (text: string) => void = () => undefined;

  constructor(
    count: number,
    private readonly store: StoreAddress,
  ) {
    this.nodes = Array.from({ length: count }, (_, index) => ({
      name: `node${index + 1}`,
      listen: '127.0.0.1:0',
      process: undefined,
      isReady: false,
      restAt: 0,
    }));
  }

  get names(): readonly string[] {
    return this.nodes.map(({ name }) => name);
  }

  /** Where the nodes listen, once they have started. */
  get addresses(): readonly string[] {
    return this.nodes.map(({ listen }) => listen);
  }

  /** Name, address and process id of each node that runs, for people who want to kill one. */
  describe(): readonly string[] {
    return this.nodes.map(({ name, listen, process: child }) => `${name} on ${listen}, process ${child?.pid ?? '-'}`);
  }

  async start(): Promise<void> {
    await Promise.all(this.nodes.map((node) => this.startNode(node)));
  }

  /** Kills a node as `kill -9` does; it is started again after the pause. */
  kill(name: string, pauseMs: number): void {
    const node = this.nodes.find((candidate) => candidate.name === name);
    if (node === undefined) return;
    node.restAt = Date.now() + pauseMs;
    node.process?.kill('SIGKILL');
  }

  /** Resolves when every node runs. */
  async allRun(): Promise<void> {
    while (this.nodes.some(({ isReady }) => !isReady)) await new Promise((done) => setTimeout(done, 50));
  }

  /** Ends all nodes in order; kills those that take too long. */
  async stop(limitMs: number): Promise<void> {
    this.isStopping = true;
    await Promise.all(
      this.nodes.map(async ({ process: child }) => {
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
        const killer = setTimeout(() => child.kill('SIGKILL'), limitMs);
        child.kill('SIGTERM');
        await once(child, 'exit');
        clearTimeout(killer);
      }),
    );
  }

  private async startNode(node: FleetNode): Promise<void> {
    const { name, listen } = node;
    const child = fork(join(__dirname, 'node.js'), ['--name', name, '--listen', listen, '--store', this.store]);
    node.process = child;
    child.once('exit', (code, signal) => this.onExit(node, code, signal));
    const ready = once(child, 'message') as Promise<[NodeReady]>;
    const ended = once(child, 'exit').then(() => undefined);
    const message = await Promise.race([ready, ended]);
    if (message === undefined) {
      if (node.listen === '127.0.0.1:0') throw new Error(`${name} ended before it was ready`);
      return;
    }
    node.listen = message[0].address;
    node.isReady = true;
  }

  private onExit(node: FleetNode, code: number | null, signal: NodeJS.Signals | null): void {
    node.isReady = false;
    if (this.isStopping) return;
    this.onEvent(`${node.name} ended (${signal ?? `code ${code}`})`);
    const pauseMs = Math.max(RESTART_MS, node.restAt - Date.now());
    setTimeout(() => {
      if (this.isStopping) return;
      this.startNode(node).then(
        () => this.onEvent(`${node.name} runs again, process ${node.process?.pid}`),
        (error: unknown) => this.onEvent(`${node.name} could not be started: ${String(error)}`),
      );
    }, pauseMs).unref();
  }
}
