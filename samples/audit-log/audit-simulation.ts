import type { ContainerModule } from 'moonpool';
import { Invariants, SimulationTest, type ClusterView, type SimulatedCluster } from 'moonpool/simulation';
import { auditLog } from './audit-log';
import { Relay } from './relay';

/** What must hold of the audit log in every simulation that has it, brought along by a module too. */
const auditRules: ContainerModule = {
  name: 'audit-rules',
  load(_bind, contribute) {
    contribute(Invariants, {
      name: 'every call belongs to a trace',
      after: ['audit:call'],
      check({ event }: ClusterView) {
        const trace = String(event?.fields['trace']);
        if (!/^[0-9a-f]{32}$/.test(trace)) throw new Error(`a call belongs to '${trace}'`);
      },
    });
  },
};

/** Chains of calls over a simulated cluster whose nodes crash: what is served was asked for under the same trace. */
export class AuditSimulation {
  static readonly actors = [Relay];
  static readonly modules = [auditLog(), auditRules];

  @SimulationTest(40, { nodes: 3, chaos: 'default' })
  async whatIsServedWasAskedForUnderItsTrace(cluster: SimulatedCluster): Promise<void> {
    const traces = new Map<string, Set<string>>();
    const processes = new Map<string, Set<string>>();
    cluster.onEvent(
      ({ node, fields: { side, trace, actor, method } }) => {
        const call = `${actor} ${method}`;
        const seen = traces.get(String(trace)) ?? new Set();
        traces.set(String(trace), seen.add(side === 'made' ? call : ''));
        processes.set(String(trace), (processes.get(String(trace)) ?? new Set()).add(String(node)));
        if (side === 'served' && !seen.has(call))
          throw new Error(`${call} was served, and nobody asked for it in its trace`);
      },
      ['audit:call'],
    );
    for (const first of ['a', 'b', 'c']) {
      // Some do not arrive; what was served of them was asked for all the same.
      await cluster
        .client()
        .actor(Relay, first)
        .pass(['d', 'e', 'f', 'g'])
        .catch(() => undefined);
    }
    const widest = Math.max(...[...processes.values()].map(({ size }) => size));
    cluster.sometimes('a trace goes over a client and two nodes', widest >= 3);
  }
}
