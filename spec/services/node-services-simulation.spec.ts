import {
  Actor,
  formatNodeId,
  Handler,
  isMoonpoolError,
  retry,
  type ActorRuntime,
  type ContainerModule,
} from 'moonpool';
import { NodeServices, RpcInterface, RpcMethod } from 'moonpool/rpc';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';

/** What was handled in the whole world, by the number of the request: the same processes see it, for there is one. */
let handled = new Map<number, number>();

@RpcInterface({ id: 0x5e55_0004 })
class Tally {
  @RpcMethod(0) async count(request: number): Promise<number> {
    handled.set(request, (handled.get(request) ?? 0) + 1);
    return request;
  }
}

const tally: ContainerModule = {
  name: 'tally',
  load: (_, contribute) => contribute(NodeServices, { instance: new Tally(), admits: ['node'] }),
};

/** Lives beside the services and is told nothing: a world has actors. */
@Actor({ name: 'Bystander' })
class Bystander {
  @Handler() async stand(): Promise<void> {}
}

const ROUNDS = 60;
const TIMEOUT_MS = 3_000;

export class NodeServicesSimulation {
  static readonly actors = [Bystander];
  static readonly modules = [tally];

  @SimulationTest([...Array.from({ length: 30 }, (_, index) => index + 1), 1_795_712_475, 1_795_725_088], {
    nodes: 4,
    clients: 1,
    chaos: 'hostile',
  })
  async requestsToServicesAreHonestUnderFaults(cluster: SimulatedCluster): Promise<void> {
    handled = new Map();
    const told: Told[] = [];
    const open = new Map<number, ActorRuntime>();
    for (let round = 0; round < ROUNDS; round++) {
      const serving = running(cluster);
      for (const [index, asker] of serving.entries()) {
        const other = serving[(index + 1) % serving.length];
        if (other === undefined || other === asker) continue;
        const request = round * 10 + index;
        open.set(request, asker);
        void ask(asker, other.address, request, round % 3 === 0).then((one) => {
          open.delete(request);
          told.push(one);
        });
      }
      await cluster.sleep(100);
    }
    const nodes = await cluster.quiesce();
    await cluster.sleep(TIMEOUT_MS);
    // What a process waits for that has died never settles; all else has, for its time is over.
    for (const [request, asker] of open)
      if (nodes.some(({ runtime }) => runtime === asker)) throw new Error(`the request ${request} was never answered`);
    // Only now: what was said not to be handled must not be handled later either.
    for (const one of told) requireHonest(one);
    for (const { runtime } of nodes) {
      for (const other of running(cluster)) {
        // A connection through which nothing gets any more since a fault is known to be lost only when it was silent for long enough.
        const { node } = await retry(async () => (await runtime?.probe(other.address)) ?? { node: '' });
        if (node !== formatNodeId(other.node))
          throw new Error(`${formatNodeId(other.node)} was probed and ${node} answered`);
      }
    }
    const refused = await outcomeOf(
      cluster
        .client()
        .endpoint(Tally, running(cluster)[0]?.address ?? '')
        .count(-1),
    );
    if (refused !== 'no' || handled.has(-1))
      throw new Error(`a client may not ask, and what came of it was ${refused}`);
    cluster.sometimes('a request to a service was answered', [...handled.values()].length > 0);
  }
}

function running(cluster: SimulatedCluster): readonly ActorRuntime[] {
  return cluster.nodes.flatMap(({ runtime }) => (runtime === undefined ? [] : [runtime]));
}

/** What an asker was told of its request. */
interface Told {
  readonly request: number;
  readonly outcome: string;
  readonly isRepeated: boolean;
}

async function ask(asker: ActorRuntime, address: string, request: number, isRepeated: boolean): Promise<Told> {
  const delivery = isRepeated ? 'at-least-once' : 'at-most-once';
  const outcome = await outcomeOf(
    asker.endpoint(Tally, address).$with({ timeoutMs: TIMEOUT_MS, delivery }).count(request),
  );
  return { request, outcome, isRepeated };
}

function requireHonest({ request, outcome, isRepeated }: Told): void {
  const times = handled.get(request) ?? 0;
  if (outcome === 'ok' && times === 0) throw new Error(`the request ${request} was answered and never handled`);
  if (outcome === 'no' && times > 0)
    throw new Error(`the request ${request} was handled, and its asker was told that it was not`);
  if (!isRepeated && times > 1) throw new Error(`the request ${request} was handled ${times} times`);
}

async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'ok';
  } catch (error) {
    if (!isMoonpoolError(error)) throw error;
    return error.executed ?? 'maybe';
  }
}
