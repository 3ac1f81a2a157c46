import type { NodeRole } from '../identity/local-node';
import type { ContainerModule } from '../injection/container-module';
import { MetricRegistry } from '../observability/metric-registry';
import { Metrics } from '../observability/metrics';
import { JsonSerializer } from '../serialization/json-serializer';
import { keepsContract, Serializer } from '../serialization/serializer';
import { bindCluster } from './cluster-bindings';
import { bindDeliverer, bindDeliveries } from './delivery-bindings';
import { contributeHealth } from './health-checks';
import { bindCatalog, bindDurableStates, bindLocalActors, bindObservers, bindRebalancing } from './hosting-bindings';
import { contributeInspection } from './inspection-pages';
import { bindMessaging } from './messaging-bindings';
import { contributeMetrics } from './observed-metrics';
import { bindPlacement } from './placement-parts';
import { bindServices } from './service-bindings';
import { bindTransport } from './transport-bindings';

/**
 * The parts of Moonpool itself: from the transport up to the catalog. What a part is made of stands beside it, by the names
 * that the part has for it. A client has all but the catalog.
 */
export function core(role: NodeRole): ContainerModule {
  return {
    name: 'core',
    load(bind, contribute) {
      bind(Serializer).toFactory([], () => keepsContract(new JsonSerializer()));
      bind(Metrics).toFactory([], () => new MetricRegistry());
      bindTransport(bind);
      bindServices(bind, contribute, role);
      bindCluster(bind);
      bindPlacement(bind, contribute);
      bindMessaging(bind);
      bindDeliveries(bind);
      bindObservers(bind);
      bindLocalActors(bind);
      if (role === 'node') {
        bindDurableStates(bind);
        bindCatalog(bind);
        bindRebalancing(bind);
        bindDeliverer(bind);
      }
      contributeInspection(contribute, role);
      contributeHealth(contribute, role);
      contributeMetrics(contribute, role);
    },
  };
}
