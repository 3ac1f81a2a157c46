// `moonpool/prometheus`: what supervisors and Prometheus ask a process. See docs/operations.md.
import 'reflect-metadata';

export {
  monitoringHandler,
  type MonitoringHandler,
  type MonitoringRequest,
  type MonitoringResponse,
} from './lib/monitoring/monitoring-handler';
export { prometheusText } from './lib/monitoring/prometheus-text';
