import type { LocalNode, ProcessRole } from '../identity/local-node';
import { formatNodeId } from '../identity/node-id';
import { declareService } from './service-declaration';

/** Who has answered a probe. A type and no interface, as whatever travels. */
export type ProbeAnswer = {
  /** `name#incarnation`: a process that was started again at the same address is another one. */
  readonly node: string;
  readonly role: ProcessRole;
};

/**
 * Tells whoever wants to know that this process answers: that it runs, is reached, and has turns of its event loop left. Nodes and clients
 * may ask. It says nothing about the store, the lease or actors; `runtime.health()` does.
 */
export class ProbeService {
  constructor(private readonly local: LocalNode) {}

  async probe(): Promise<ProbeAnswer> {
    const { node, role } = this.local;
    return { node: formatNodeId(node), role };
  }
}

declareService(ProbeService, 1, ['probe']);
