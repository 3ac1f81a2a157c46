import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MoonpoolError } from '../../errors/moonpool-error';
import { messageOf } from '../../errors/thrown-value';
import type { ContainerModule } from '../../injection/container-module';
import { EventSinks, type EventSink } from '../../observability/event-sink';
import { count, duration } from '../../options/option-kind';
import { group, optionTable } from '../../options/option-table';
import { NodeTimeProvider } from '../../providers/node/node-time-provider';
import { ActorRuntime } from '../../runtime/actor-runtime';
import { History } from '../checkers/histories/history';
import { Coverage, type CoverageCount } from '../coverage/coverage';
import { ClientContext, clientStream } from '../workloads/client-context';
import { playWorkloads } from '../workloads/play-workloads';
import { WitnessCapture } from '../workloads/witness-capture';
import type { WorkloadClass } from '../workloads/workload';
import { WORKLOAD_SOURCE, type WorkloadSource } from './node-order';
import { realOptions, type NodeSetting } from './node-setting';
import { NodesInProcess } from './nodes-in-process';
import { NodesInProcesses } from './nodes-in-processes';
import type { RealNodes } from './real-nodes';

/** How a workload is run on real nodes. Times are in milliseconds. */
export interface RunOnNodesOptions {
  /** Decides what the clients do; when things happen, the real world decides. Default: 1. */
  readonly seed?: number;
  /** Default: 3. */
  readonly nodes?: number;
  /** Default: 1. */
  readonly clients?: number;
  /**
   * Makes each node a process of its own, which the nemesis can kill and stop. The processes load the class of the workload from
   * this module. Default: all nodes run in this process.
   */
  readonly processes?: WorkloadSource;
  /** How long leases last. Default: 3,000, the fast profile. */
  readonly leaseTtlMs?: number;
  /** How long the whole run may take. Default: 60,000. */
  readonly limitMs?: number;
}

export const RUN_ON_NODES_OPTIONS = optionTable<RunOnNodesOptions>({
  seed: count(0),
  nodes: count(1),
  clients: count(1),
  processes: group(WORKLOAD_SOURCE),
  leaseTtlMs: duration(),
  limitMs: duration(),
});

/** What came of a workload on real nodes: plain data. */
export interface NodesReport {
  readonly seed: number;
  readonly realMs: number;
  /** How many operations the history has. */
  readonly operations: number;
  /** What was declared with `sometimes`. */
  readonly coverage: Readonly<Record<string, CoverageCount>>;
}

/**
 * Runs a workload on real nodes: TCP on this machine, one SQLite file in a temporary folder, real time. The class and its checks are
 * those of the simulation. Resolves when all checks have passed. @throws MoonpoolError WORKLOAD_FAILED with the reason as cause; INVALID_OPTION
 */
export async function runOnNodes(type: WorkloadClass, options: RunOnNodesOptions = {}): Promise<NodesReport> {
  RUN_ON_NODES_OPTIONS.check('runOnNodes', options);
  const { seed = 1, nodes: nodeCount = 3, processes, leaseTtlMs = 3_000 } = options;
  const time = new NodeTimeProvider();
  const folder = mkdtempSync(join(tmpdir(), 'moonpool-workload-'));
  const setting: NodeSetting = { namespace: 'workload', database: join(folder, 'cluster.db'), leaseTtlMs };
  const nodes: RealNodes =
    processes === undefined
      ? new NodesInProcess(nodeCount, setting, type, time)
      : new NodesInProcesses(nodeCount, setting, { export: type.name, ...processes }, time);
  const run = new RealRun(type, options, setting, nodes, time);
  try {
    return await run.play();
  } catch (cause) {
    const reason = messageOf(cause);
    throw new MoonpoolError('WORKLOAD_FAILED', {
      message: `${type.name} failed on ${nodeCount} real nodes with seed ${seed}: ${reason}`,
      cause,
    });
  } finally {
    await run.end();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One run, from the first node to the last. */
class RealRun {
  private readonly clients: { readonly runtime: ActorRuntime; readonly witnesses: WitnessCapture }[] = [];
  private readonly coverage = new Coverage();
  private readonly history: History;
  private readonly startedAt: number;
  private isOver = false;
  /** The connection of the present client; it may still be made when the run is over. */
  private connecting: Promise<unknown> | undefined;

  constructor(
    private readonly type: WorkloadClass,
    private readonly options: RunOnNodesOptions,
    private readonly setting: NodeSetting,
    private readonly nodes: RealNodes,
    private readonly time: NodeTimeProvider,
  ) {
    this.startedAt = time.now();
    this.history = new History(() => this.elapsedMs);
  }

  async play(): Promise<NodesReport> {
    const { limitMs = 60_000, clients = 1, seed = 1 } = this.options;
    let tooLong: { cancel(): void } | undefined;
    const limit = new Promise<never>((_, reject) => {
      const message = `it did not end within ${limitMs} ms`;
      tooLong = this.time.schedule(limitMs, () => reject(new MoonpoolError('WORKLOAD_FAILED', { message })));
    });
    try {
      await Promise.race([this.playToTheEnd(clients), limit]);
    } finally {
      tooLong?.cancel();
    }
    return {
      seed,
      realMs: this.elapsedMs,
      operations: this.history.operations.length,
      coverage: Object.fromEntries(this.coverage.entries),
    };
  }

  async end(): Promise<void> {
    this.isOver = true;
    await Promise.allSettled([this.connecting]);
    await Promise.all(this.clients.map(({ runtime }) => runtime.shutdown()));
    await this.nodes.stop();
  }

  private get elapsedMs(): number {
    return this.time.now() - this.startedAt;
  }

  private async playToTheEnd(clientCount: number): Promise<void> {
    await this.nodes.start();
    for (let index = 0; index < clientCount && !this.isOver; index++) {
      const client = this.connect(`client${index + 1}`);
      this.connecting = client;
      this.clients.push(await client);
    }
    if (this.isOver) return;
    const stage = {
      clientCount,
      contextOf: (_: string, client: number) => this.contextOf(client),
      quiesce: () => this.nodes.allRun(),
    };
    await playWorkloads(stage, [this.type]);
  }

  private async connect(name: string): Promise<{ readonly runtime: ActorRuntime; readonly witnesses: WitnessCapture }> {
    const witnesses = new WitnessCapture();
    const events: EventSink = { record: (event, fields) => witnesses.observe(event, fields) };
    const listening: ContainerModule = {
      name: 'witnesses',
      load: (_bind, contribute) => contribute(EventSinks, events),
    };
    const options = realOptions(name, this.setting, this.type);
    const runtime = await ActorRuntime.connect({ ...options, modules: [...(options.modules ?? []), listening] });
    return { runtime, witnesses };
  }

  private contextOf(clientIndex: number): ClientContext {
    const { seed = 1, clients: clientCount = 1 } = this.options;
    const { runtime, witnesses } = this.clients[clientIndex] as (typeof this.clients)[number];
    return new ClientContext({
      seed,
      client: `client${clientIndex + 1}`,
      clientIndex,
      clientCount,
      nodeAddresses: this.nodes.addresses,
      random: clientStream(seed, this.type.name, clientIndex),
      history: this.history,
      nemesis: this.nodes.nemesis,
      runtime,
      witnesses,
      now: () => this.elapsedMs,
      sleep: (ms) => this.time.sleep(ms),
      sometimes: (name, condition) => this.coverage.note({ name, kind: 'sometimes' }, { holds: condition }),
    });
  }
}
