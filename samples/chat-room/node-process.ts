import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { NodeReady, NodesReady } from './node';

const RESTART_DELAY_MS = 1_000;
const STOP_LIMIT_MS = 5_000;
/** A node that ends so often before it is ready would do so again. */
const MOST_FAILURES = 3;

/** What a node process needs from whoever starts it. */
export interface NodeProcessParts {
  readonly name: string;
  /** Of its page; 0 takes a free one, which it keeps. */
  readonly port: number;
  readonly database: string;
  readonly say: (line: string) => void;
}

/**
 * One node as a process of its own, which is started again a second after it has ended unasked. It then joins the cluster as
 * a new incarnation of its name, and serves its page where it did before.
 */
export class NodeProcess {
  /** Resolves when it is not started again any more. */
  readonly ended: Promise<void>;
  private end: () => void = () => undefined;
  private child: ChildProcess | undefined;
  private address: string | undefined;
  private gateways: readonly string[] = [];
  private failures = 0;
  private isStopping = false;
  private restart: NodeJS.Timeout | undefined;

  constructor(private readonly parts: NodeProcessParts) {
    this.ended = new Promise((end) => (this.end = end));
  }

  /** The address of its page. */
  get url(): string {
    return this.address ?? '';
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  /** Starts it. Resolves to the address of its page; undefined when it has ended before it was ready. */
  async start(): Promise<string | undefined> {
    const { name, port, database } = this.parts;
    const ownPort = this.address === undefined ? String(port) : new URL(this.address).port;
    const child = fork(join(__dirname, 'node.js'), ['--name', name, '--port', ownPort, '--database', database]);
    this.child = child;
    const exit = once(child, 'exit').then(() => undefined);
    void exit.then(() => this.onExit(child));
    const ready = await Promise.race([once(child, 'message') as Promise<[NodeReady]>, exit]);
    if (ready === undefined) return undefined;
    this.failures = 0;
    this.address = ready[0].url;
    this.tellGateways();
    return this.address;
  }

  /** Tells it, and those that take its place, where the pages of all nodes are. */
  introduce(urls: readonly string[]): void {
    this.gateways = urls;
    this.tellGateways();
  }

  /** Ends it in order; by force when that takes too long. */
  async stop(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.restart);
    const { child } = this;
    if (child === undefined || !isRunning(child)) return;
    const killer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    child.kill('SIGTERM');
    await once(child, 'exit');
    clearTimeout(killer);
  }

  private tellGateways(): void {
    if (this.gateways.length > 0 && this.child?.connected === true)
      this.child.send({ kind: 'gateways', urls: this.gateways } satisfies NodesReady);
  }

  private onExit({ exitCode, signalCode }: ChildProcess): void {
    // Before the first start was a success, whoever asked for it knows what to do.
    if (this.isStopping || this.address === undefined) return;
    const { name, say } = this.parts;
    const how = `${name} has ended, ${signalCode === null ? `with code ${exitCode}` : `by ${signalCode}`}`;
    if (++this.failures > MOST_FAILURES) {
      say(`${how}, and is not started again: it ended ${MOST_FAILURES} times before it was ready.`);
      this.end();
      return;
    }
    say(`${how}; it is started again in a second.`);
    this.restart = setTimeout(() => void this.startAgain(), RESTART_DELAY_MS);
  }

  private async startAgain(): Promise<void> {
    const url = await this.start();
    if (url !== undefined)
      this.parts.say(
        `${this.parts.name} is back at ${url}, as process ${this.pid}: the same node in a new incarnation.`,
      );
  }
}

function isRunning({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode === null && signalCode === null;
}
