import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdersOf } from '../../../lib/providers/node/file-locks';
import { processStatus } from '../../../lib/providers/node/node-host-provider';
import type { LoadReport, StopCommand } from './stop-node';

/** The longest time for which a node that is stopped may stop others: the promised fail-over, as a multiple of the lease. */
export const FAIL_OVER = 1.5;

export interface StopFleetOptions {
  readonly leaseMs: number;
  /** Leaves the locks of dead nodes with them. */
  readonly leavesLocks?: boolean;
}

/** What a stop did to the others. */
export interface StopOutcome {
  readonly stopped: string;
  /** The file whose lock it held when it was stopped, if any. */
  readonly held: 'states' | 'members' | undefined;
  /** The longest time without an acknowledged write, of each of the others. */
  readonly gapsMs: readonly number[];
  readonly written: number;
  readonly failures: Readonly<Record<string, number>>;
  /** Others that ended though nobody stopped them. */
  readonly ended: readonly string[];
}

interface StopNode {
  readonly name: string;
  child: ChildProcess;
  output: string;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Nodes under load on one database, of which one at a time is stopped. */
export class StopFleet {
  private nodes: StopNode[] = [];
  private readonly folder = mkdtempSync(join(tmpdir(), 'moonpool-stops-'));
  private readonly file = join(this.folder, 'stops.db');

  private constructor(private readonly options: StopFleetOptions) {}

  static async start(names: readonly string[], options: StopFleetOptions): Promise<StopFleet> {
    const fleet = new StopFleet(options);
    fleet.nodes = await Promise.all(names.map((name) => fleet.launch(name)));
    return fleet;
  }

  /** Stops a node as it is, or in the middle of a transaction, and looks for so long at what the others do. */
  async stop(name: string, forMs: number, command?: Exclude<StopCommand, 'report'>): Promise<StopOutcome> {
    const victim = this.node(name);
    const others = this.nodes.filter((node) => node !== victim);
    await Promise.all(others.map((node) => this.report(node)));
    if (command === undefined) victim.child.kill('SIGSTOP');
    else victim.child.send(command);
    while (processStatus(victim.child.pid as number)?.state !== 'T') await pause(2);
    const held = this.heldBy(victim.child.pid as number);
    await pause(forMs);
    const reports = await Promise.all(
      others
        .filter(({ child }) => child.exitCode === null && child.signalCode === null)
        .map((node) => this.report(node)),
    );
    const failures: Record<string, number> = {};
    for (const report of reports)
      for (const [code, count] of Object.entries(report.failures)) failures[code] = (failures[code] ?? 0) + count;
    return {
      stopped: name,
      held,
      gapsMs: reports.map(({ longestGapMs }) => Math.round(longestGapMs)),
      written: reports.reduce((sum, { written }) => sum + written, 0),
      failures,
      ended: others
        .filter(({ child }) => child.exitCode !== null || child.signalCode !== null)
        .map((node) => `${node.name}: ${node.output.trim().split('\n').at(-1)}`),
    };
  }

  /** True while there is a process of this name, standing still or not. */
  isThere(name: string): boolean {
    const { child } = this.node(name);
    return child.exitCode === null && child.signalCode === null;
  }

  /** Lets the node go on, which then ends, and starts it again. So for all that have ended. */
  async restore(): Promise<void> {
    for (const node of this.nodes) {
      node.child.kill('SIGCONT');
      if (processStatus(node.child.pid as number)?.state === 'T') await pause(10);
    }
    await pause(500);
    this.nodes = await Promise.all(this.nodes.map((node) => (this.isThere(node.name) ? node : this.launch(node.name))));
  }

  async end(): Promise<void> {
    for (const { child } of this.nodes) child.kill('SIGKILL');
    await Promise.all(
      this.nodes.map(({ child }) =>
        child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined,
      ),
    );
    rmSync(this.folder, { recursive: true, force: true });
  }

  private heldBy(pid: number): StopOutcome['held'] {
    if (holdersOf([`${this.file}-shm`]).includes(pid)) return 'states';
    return holdersOf([`${this.file}-cluster-shm`]).includes(pid) ? 'members' : undefined;
  }

  private node(name: string): StopNode {
    const node = this.nodes.find((candidate) => candidate.name === name);
    if (node === undefined) throw new Error(`There is no node ${name}`);
    return node;
  }

  private async report({ child }: StopNode): Promise<LoadReport> {
    const answer = once(child, 'message') as Promise<[LoadReport]>;
    child.send('report' satisfies StopCommand);
    return (await answer)[0];
  }

  private async launch(name: string): Promise<StopNode> {
    const { leaseMs, leavesLocks = false } = this.options;
    const args = [
      '--name',
      name,
      '--database',
      this.file,
      '--lease',
      String(leaseMs),
      ...(leavesLocks ? ['--leave-locks'] : []),
    ];
    const child = fork(join(__dirname, 'stop-node.js'), args, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const node: StopNode = { name, child, output: '' };
    child.stderr?.on('data', (chunk: Buffer) => (node.output = (node.output + chunk.toString()).slice(-4_000)));
    const first = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => undefined)]);
    if (first === undefined) throw new Error(`The node ${name} ended before it was ready: ${node.output}`);
    return node;
  }
}
