import { Lease } from '../cluster/lease';
import type { NodeRole } from '../identity/local-node';
import type { Contribute } from '../injection/container-module';
import { MessageBus } from '../messaging/message-bus';
import type { MessageBusState } from '../messaging/bus-life';
import { HealthChecks } from '../observability/health-check';

const TAKES_CALLS: ReadonlySet<string> = new Set<MessageBusState>(['ready', 'degraded']);

/** When Moonpool itself is not well. */
export function contributeHealth(contribute: Contribute, role: NodeRole): void {
  contribute(HealthChecks).toFactory([MessageBus], (bus) => ({
    name: 'calls',
    decides: 'ready',
    // A store that is away is away for all nodes: what they can still do they shall be asked for.
    check: () => (TAKES_CALLS.has(bus.state) ? undefined : `the message bus is ${bus.state}`),
  }));
  if (role === 'client') return;
  contribute(HealthChecks).toFactory([Lease], (lease) => ({
    name: 'lease',
    decides: 'ready',
    check: () => (lease.held ? undefined : 'this node holds no lease at present, and may not serve'),
  }));
}
