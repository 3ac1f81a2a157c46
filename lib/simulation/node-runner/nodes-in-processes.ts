import { fork, type ChildProcess } from 'node:child_process';
import { MoonpoolError } from '../../errors/moonpool-error';
import { companionFile } from '../../providers/node/companion-file';
import type { TimeProvider } from '../../providers/time-provider';
import type { Nemesis } from '../workloads/nemesis';
import type { NodeOrder, NodeReady, WorkloadSource } from './node-order';
import type { NodeSetting } from './node-setting';
import { ANY_PORT, RESTART_MS, type RealNodes } from './real-nodes';

interface Place {
  readonly name: string;
  address: string;
  child: ChildProcess | undefined;
  isReady: boolean;
  /** Before this moment it is not started again. */
  restUntil: number;
}

/** How long nodes have for ending in order before they are killed, in milliseconds. */
const STOP_LIMIT_MS = 10_000;

/** How many of the last characters that a process wrote to its standard error are kept. */
const LONGEST_COMPLAINT = 4_000;

/** Nodes that are processes of their own: these can be killed and stopped as by the world outside. */
export class NodesInProcesses implements RealNodes {
  readonly nemesis: Nemesis;
  private readonly places: readonly Place[];
  private isStopping = false;

  constructor(
    count: number,
    private readonly setting: NodeSetting,
    private readonly source: Required<WorkloadSource>,
    private readonly time: TimeProvider,
  ) {
    this.places = Array.from({ length: count }, (_, index) => ({
      name: `node${index + 1}`,
      address: ANY_PORT,
      child: undefined,
      isReady: false,
      restUntil: 0,
    }));
    this.nemesis = {
      nodeCount: count,
      crash: (node, downMs) => this.kill(node, downMs),
      pause: (node, forMs) => this.pause(node, forMs),
    };
  }

  get addresses(): readonly string[] {
    return this.places.map(({ address }) => address);
  }

  async start(): Promise<void> {
    await Promise.all(this.places.map((place) => this.startNode(place)));
  }

  async allRun(): Promise<void> {
    while (this.places.some(({ isReady }) => !isReady)) await this.time.sleep(20);
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    await Promise.all(
      this.places.map(({ child }) => {
        if (child === undefined || child.exitCode !== null || child.signalCode !== null) return undefined;
        return new Promise<void>((resolve) => {
          const killer = this.time.schedule(STOP_LIMIT_MS, () => child.kill('SIGKILL'));
          child.once('exit', () => {
            killer.cancel();
            resolve();
          });
          child.kill('SIGCONT');
          child.kill('SIGTERM');
        });
      }),
    );
  }

  /** As `kill -9` does. */
  private async kill(node: number, downMs: number): Promise<void> {
    const place = this.place(node);
    place.restUntil = this.time.now() + downMs;
    place.child?.kill('SIGKILL');
  }

  private async pause(node: number, forMs: number): Promise<void> {
    const { child } = this.place(node);
    child?.kill('SIGSTOP');
    await this.time.sleep(forMs);
    child?.kill('SIGCONT');
  }

  private startNode(place: Place): Promise<void> {
    const { name, address } = place;
    const order: NodeOrder = { name, listen: address, setting: this.setting, source: this.source };
    // What a debugger or a test runner asked of this process is nothing for its children.
    const child = fork(
      companionFile(__dirname, 'lib/simulation/node-runner/node-process.js'),
      [JSON.stringify(order)],
      { execArgv: ['--enable-source-maps'], stdio: ['ignore', 'inherit', 'pipe', 'ipc'] },
    );
    place.child = child;
    let complaint = '';
    child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => (complaint = (complaint + text).slice(-LONGEST_COMPLAINT)));
    return new Promise<void>((resolve, reject) => {
      child.once('message', (message) => {
        place.address = (message as NodeReady).address;
        place.isReady = true;
        resolve();
      });
      child.once('exit', (code, signal) => {
        place.isReady = false;
        if (this.isStopping) return;
        if (place.address === ANY_PORT) {
          reject(
            new MoonpoolError('WORKLOAD_FAILED', {
              message: `The process of ${name} ended before it was ready (${signal ?? `code ${code}`}): ${complaint.trim()}`,
            }),
          );
          return;
        }
        this.startLater(place);
      });
    });
  }

  private startLater(place: Place): void {
    this.time.schedule(Math.max(RESTART_MS, place.restUntil - this.time.now()), () => {
      // It settles or not: a process that ends again is started again.
      if (!this.isStopping) void this.startNode(place);
    });
  }

  private place(node: number): Place {
    const place = this.places[node];
    if (place === undefined)
      throw new MoonpoolError('INVALID_OPTION', {
        message: `There are ${this.places.length} nodes, and node ${node} was asked for`,
        remedy: 'Nodes are counted from 0; raise `nodes` if there should be more.',
      });
    return place;
  }
}
