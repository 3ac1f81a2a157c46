import type { ActorClass } from '../../actor/actor-reference';
import { MoonpoolError } from '../../errors/moonpool-error';
import { History } from '../checkers/histories/history';
import { group, optionTable } from '../../options/option-table';
import { QUIESCE_OPTIONS, type QuiesceOptions } from '../cluster/quiescence';
import type { SimulatedCluster } from '../cluster/simulated-cluster';
import type { SimulatedNode } from '../world/simulated-node';
import { ClientContext, clientStream } from './client-context';
import type { Nemesis } from './nemesis';
import { playWorkloads } from './play-workloads';
import { WitnessCapture } from './witness-capture';
import type { WorkloadClass } from './workload';

/** How workloads are run on a simulated cluster. */
export interface RunWorkloadsOptions {
  /** How the cluster is brought to rest before the checks. Default: all nodes run again. */
  readonly quiesce?: QuiesceOptions;
}

export const RUN_WORKLOADS_OPTIONS = optionTable<RunWorkloadsOptions>({ quiesce: group(QUIESCE_OPTIONS) });

/**
 * Runs workloads on a simulated cluster, all at the same time, each with every client of the cluster. Rejects when a check throws.
 * @throws MoonpoolError INVALID_OPTION when there is no client, or no workload.
 */
export async function runWorkloads(
  cluster: SimulatedCluster,
  types: readonly WorkloadClass[],
  options: RunWorkloadsOptions = {},
): Promise<void> {
  RUN_WORKLOADS_OPTIONS.check('runWorkloads', options);
  const { quiesce } = options;
  const captures = new Map<string, WitnessCapture>();
  const captureOf = (client: string): WitnessCapture => {
    let capture = captures.get(client);
    if (capture === undefined) captures.set(client, (capture = new WitnessCapture()));
    return capture;
  };
  cluster.onEvent(({ node, name, fields }) => captures.get(node)?.observe(name, fields));
  const histories = new Map<string, History>();
  const nemesis = simulatedNemesis(cluster);
  await playWorkloads(
    {
      clientCount: cluster.clientCount,
      contextOf(workload, clientIndex) {
        const client = `client${clientIndex + 1}`;
        const history = histories.get(workload) ?? new History(() => cluster.now);
        histories.set(workload, history);
        return new ClientContext({
          seed: cluster.seed,
          client,
          clientIndex,
          clientCount: cluster.clientCount,
          nodeAddresses: cluster.nodes.map(({ address }) => address),
          random: clientStream(cluster.seed, workload, clientIndex),
          history,
          nemesis,
          runtime: cluster.client(clientIndex),
          witnesses: captureOf(client),
          now: () => cluster.now,
          sleep: (ms) => cluster.sleep(ms),
          sometimes: (name, condition) => cluster.sometimes(name, condition),
        });
      },
      async quiesce() {
        await cluster.quiesce(quiesce);
      },
    },
    types,
  );
}

/** All actor classes that workloads drive, each once: for `static readonly actors` of a simulation. */
export function actorsOf(types: readonly WorkloadClass[]): readonly ActorClass[] {
  return [...new Set(types.flatMap(({ actors }) => actors))];
}

function simulatedNemesis(cluster: SimulatedCluster): Required<Nemesis> {
  const nodeAt = (index: number): SimulatedNode => {
    const node = cluster.nodes[index];
    if (node === undefined)
      throw new MoonpoolError('INVALID_OPTION', {
        message: `The cluster has ${cluster.nodes.length} nodes, and node ${index} was asked for`,
        remedy: 'Nodes are counted from 0; raise `nodes` if there should be more.',
      });
    return node;
  };
  return {
    nodeCount: cluster.nodes.length,
    async crash(index, downMs) {
      const node = nodeAt(index);
      await cluster.crash(node);
      void cluster.sleep(downMs).then(() => cluster.restart(node));
    },
    async partition(a, b, forMs) {
      if (a !== b) cluster.partition(nodeAt(a), nodeAt(b), forMs);
    },
    async cut(a, b) {
      if (a !== b) await cluster.cut(nodeAt(a), nodeAt(b));
    },
    async pause(index, forMs) {
      await cluster.pause(nodeAt(index), forMs);
    },
  };
}
