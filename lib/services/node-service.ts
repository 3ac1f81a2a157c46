import type { ProcessRole } from '../identity/local-node';
import { contributions } from '../injection/contribution-list';
import { anyOf } from '../options/option-kind';

/** An interface of fixed endpoints that each process of the cluster serves at its own address. */
export interface NodeService {
  /** Of a class with `@RpcInterface`. */
  readonly instance: object;
  /** Who may ask, by the role that a process has in the cluster; others get ENDPOINT_FORBIDDEN. `['node']`: members alone; `operator`: the command `moonpool inspect`. */
  readonly admits: readonly ProcessRole[];
  /** How many requests of each method may be unanswered; more are refused with REQUEST_STREAM_FULL. Default: 1,000. */
  readonly capacity?: number;
}

const ROLES: readonly unknown[] = ['node', 'client', 'operator'] satisfies readonly ProcessRole[];

/** The services of a process, to which modules contribute. They are served from its start until its end, on the connections that calls of actors use too. */
export const NodeServices = contributions<NodeService>('NodeServices', {
  accepts: anyOf("a service { instance, admits: ['node', 'client'] }", (value) => {
    const { instance, admits } = (value ?? {}) as Partial<Record<keyof NodeService, unknown>>;
    const areRoles = Array.isArray(admits) && admits.length > 0 && admits.every((role) => ROLES.includes(role));
    return typeof instance === 'object' && instance !== null && areRoles;
  }),
});
