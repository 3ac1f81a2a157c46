import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type {
  Answers,
  AskedOfNode,
  Change,
  NodeStore,
  Question,
  QuestionOf,
  ToldByNode,
  ToldError,
} from './node-messages';

/** How much of what a process says on its way out is kept, in characters. */
const KEPT_OUTPUT = 2_000;

/** The code of an answer that will never come: the process has ended. */
export const GONE = 'PROCESS_GONE';

/** An error that a node answered with, or the end of its process. */
export class NodeError extends Error {
  override readonly name = 'NodeError';

  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface NodeProcessOptions {
  readonly store: NodeStore;
  /** Makes a node of SQLite careless: what `synchronous` is set to. */
  readonly synchronous?: 'OFF' | 'NORMAL';
}

interface Waiting {
  resolve(answer: unknown): void;
  reject(error: NodeError): void;
}

/** A process with one node, which is asked over its channel, and killed at any moment. */
export class NodeProcess {
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;
  private output = '';
  private hasEnded = false;

  private constructor(private readonly process: ChildProcess) {
    process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.output = (this.output + text).slice(-KEPT_OUTPUT);
    });
    process.on('message', (message: ToldByNode) => this.onMessage(message));
    process.once('exit', (code, signal) => this.onExit(`its process ended with ${code ?? signal}`));
  }

  /** @throws NodeError when the node does not start, with what it said. */
  static async start({ store, synchronous }: NodeProcessOptions): Promise<NodeProcess> {
    const careless = synchronous === undefined ? [] : ['--require', join(__dirname, 'careless-sqlite.js')];
    const started = fork(join(__dirname, 'durable-node.js'), [JSON.stringify(store)], {
      execArgv: ['--enable-source-maps', ...careless],
      env: { ...process.env, ...(synchronous === undefined ? {} : { DURABILITY_SYNCHRONOUS: synchronous }) },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    const node = new NodeProcess(started);
    await Promise.race([once(started, 'message'), once(started, 'exit')]);
    if (!node.isUp) throw new NodeError(GONE, `The node did not start: ${node.said}`);
    return node;
  }

  get isUp(): boolean {
    return !this.hasEnded;
  }

  /** What it wrote last to its standard error. */
  get said(): string {
    return this.output.trim();
  }

  change(asked: Change): Promise<unknown> {
    return this.ask(asked);
  }

  question<Kind extends Question['kind']>(asked: QuestionOf<Kind>): Promise<Answers[Kind]> {
    return this.ask(asked) as Promise<Answers[Kind]>;
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    if (this.hasEnded) return;
    const exit = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await exit;
  }

  private ask(asked: Change | Question): Promise<unknown> {
    if (this.hasEnded) return Promise.reject(new NodeError(GONE, 'its process has ended'));
    const id = this.asked++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      const message: AskedOfNode = { id, asked };
      // What cannot be sent is rejected when the process is seen to have ended.
      this.process.send(message, () => undefined);
    });
  }

  private onMessage(message: ToldByNode): void {
    if (message === 'ready') return;
    const waiting = this.waiting.get(message.id);
    this.waiting.delete(message.id);
    if ('error' in message) waiting?.reject(asError(message.error));
    else waiting?.resolve(message.answer);
  }

  private onExit(why: string): void {
    this.hasEnded = true;
    for (const { reject } of this.waiting.values()) reject(new NodeError(GONE, why));
    this.waiting.clear();
  }
}

function asError({ code, message }: ToldError): NodeError {
  return new NodeError(code, message);
}
