import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ActorRuntime, Logger, type ActorReference, type ContainerModule } from 'moonpool';
import { Agent, type Errand, type Located } from './agent';
import { clusterParts, ringFilter } from './cluster-parts';
import type { NodeReady } from './fleet-node';
import type { Note } from './node-journal';
import type { Outcome } from './timed-call';

/** The nodes of the fleet. */
export type NodeName = 'a' | 'b' | 'c';
export const NODE_NAMES: readonly NodeName[] = ['a', 'b', 'c'];

/** How long a spec waits for something that must happen, in milliseconds. */
const PATIENCE_MS = 8_000;
const POLL_MS = 10;
/** How long the nodes may take to end when all is over, in milliseconds. */
const STOP_LIMIT_MS = 5_000;
/** How much of what a node writes is kept, for the message of a failure. */
const KEPT_OUTPUT = 4_000;

/** That a client cannot reach a node which a spec has killed is no news. */
export const silent: ContainerModule = {
  name: 'silent',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};

interface FleetNode {
  readonly name: NodeName;
  /** The address of its first start, which it keeps. */
  listen: string;
  child: ChildProcess | undefined;
  output: string;
}

/** Waits until the condition holds, and says what was waited for when it never does. Errors count as not yet. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  limitMs = PATIENCE_MS,
): Promise<void> {
  const giveUpAt = performance.now() + limitMs;
  let last: unknown;
  for (;;) {
    try {
      if (await holds()) return;
    } catch (error) {
      last = error;
    }
    if (performance.now() > giveUpAt) throw new Error(`${limitMs} ms were not enough until ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Three nodes as processes on this machine, over TCP and one database file, and a client in this process. */
export class ProcessFleet {
  private readonly nodes: readonly FleetNode[] = NODE_NAMES.map((name) => ({
    name,
    listen: '127.0.0.1:0',
    child: undefined,
    output: '',
  }));
  private connected: ActorRuntime | undefined;

  private constructor(private readonly folder: string) {}

  static async start(): Promise<ProcessFleet> {
    const fleet = new ProcessFleet(mkdtempSync(join(tmpdir(), 'moonpool-processes-')));
    try {
      await Promise.all(NODE_NAMES.map((name) => fleet.launch(name)));
      const outgoing = [ringFilter('out 1 of client'), ringFilter('out 2 of client')];
      const parts = fleet.parts;
      fleet.connected = await ActorRuntime.connect({ ...parts, outgoing, modules: [...(parts.modules ?? []), silent] });
      await fleet.whole();
      return fleet;
    } catch (error) {
      await fleet.stop();
      throw error;
    }
  }

  /** A client of the cluster, in this process: it hosts nothing. */
  get client(): ActorRuntime {
    if (this.connected === undefined) throw new Error('The fleet has not been started');
    return this.connected;
  }

  /** What further clients are given. */
  get parts(): ReturnType<typeof clusterParts> {
    return clusterParts(join(this.folder, 'cluster.db'));
  }

  address(name: NodeName): string {
    return this.node(name).listen;
  }

  agent(name: NodeName): ActorReference<Agent> {
    return this.client.actor(Agent).$on(this.address(name));
  }

  /** Has the actor activated on the node. @returns the reference. */
  async place<T extends ActorReference<Located>>(actor: T, on: NodeName): Promise<T> {
    const found = await this.agent(on).reach(actor);
    if (found !== on) throw new Error(`${actor.$id.path} should live on ${on} and lives on ${found}`);
    return actor;
  }

  /** Has a node make the call, and says what came of it there. */
  async call(
    from: NodeName,
    target: ActorReference<object>,
    method: string,
    args: readonly unknown[] = [],
    how: Partial<Errand> = {},
  ): Promise<Outcome> {
    const outcome = await this.agent(from).run({ ...how, target, method, args });
    if (outcome.caller !== from)
      throw new Error(`The call should have been made by ${from} and was made by ${outcome.caller}`);
    return outcome;
  }

  /** Resolves when so many calls wait in the mailbox of the actor, which lives on the node. */
  waiting(actor: ActorReference<object>, on: NodeName, count: number): Promise<void> {
    const { path } = actor.$id;
    return until(`${count} calls of ${path} wait on ${on}`, async () => (await this.agent(on).waiting(path)) === count);
  }

  /** What was noted about it on the nodes that run, in order of time. */
  async notes(about: string, on: readonly NodeName[] = NODE_NAMES): Promise<readonly Note[]> {
    const notes = await Promise.all(on.map((name) => this.agent(name).notes(about)));
    return notes.flat().sort((one, other) => one.at - other.at);
  }

  /** Ends a node as `kill -9` does. */
  async kill(name: NodeName): Promise<void> {
    await this.signal(name, 'SIGKILL');
  }

  /** Asks a node to end. @returns its exit code, or the signal that ended it. */
  terminate(name: NodeName): Promise<number | NodeJS.Signals | null> {
    return this.signal(name, 'SIGTERM');
  }

  /** Starts those nodes again that do not run, and waits until every process can reach every node. */
  async restore(): Promise<void> {
    await Promise.all(this.nodes.filter(({ child }) => child === undefined).map(({ name }) => this.launch(name)));
    await this.whole();
  }

  async stop(): Promise<void> {
    await this.connected?.shutdown();
    const killers = this.nodes.map(({ child }) => setTimeout(() => child?.kill('SIGKILL'), STOP_LIMIT_MS));
    const codes = await Promise.all(
      this.nodes
        .filter(({ child }) => child !== undefined)
        .map(async ({ name }) => [name, await this.terminate(name)] as const),
    );
    killers.forEach(clearTimeout);
    rmSync(this.folder, { recursive: true, force: true });
    for (const [name, code] of codes)
      if (code !== 0) throw new Error(`The node ${name} ended with ${code}: ${this.node(name).output}`);
  }

  private node(name: NodeName): FleetNode {
    const node = this.nodes.find((candidate) => candidate.name === name);
    if (node === undefined) throw new Error(`There is no node ${name}`);
    return node;
  }

  private async launch(name: NodeName): Promise<void> {
    const node = this.node(name);
    const args = ['--name', name, '--listen', node.listen, '--database', join(this.folder, 'cluster.db')];
    const child = fork(join(__dirname, 'fleet-node.js'), args, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
    node.child = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (node.output = (node.output + chunk.toString()).slice(-KEPT_OUTPUT)));
    }
    child.once('exit', () => (node.child = undefined));
    const ready = once(child, 'message') as Promise<[NodeReady]>;
    const ended = once(child, 'exit').then(() => undefined);
    const message = await Promise.race([ready, ended]);
    if (message === undefined) throw new Error(`The node ${name} ended before it was ready: ${node.output}`);
    node.listen = message[0].address;
  }

  private async signal(name: NodeName, signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    const { child, output } = this.node(name);
    if (child === undefined) throw new Error(`The node ${name} does not run: ${output}`);
    const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    child.kill(signal);
    const [code, by] = await exited;
    return by ?? code;
  }

  /** Resolves when the client reaches every node, and every node every other. */
  private async whole(): Promise<void> {
    const pairs = NODE_NAMES.flatMap((from) => NODE_NAMES.map((to) => ({ from, to })));
    await Promise.all(
      pairs.map(({ from, to }) =>
        until(
          `${from} reaches ${to}`,
          async () => (await this.agent(from).$with({ timeoutMs: 1_000 }).reach(this.agent(to))) === to,
        ),
      ),
    );
  }
}
