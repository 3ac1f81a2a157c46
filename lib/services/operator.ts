import { inCleanContext } from '../concurrency/clean-context';
import type { SecurityOptions } from '../handshake/security-options';
import { NodeContainer } from '../injection/node-container';
import type { ContainerModule } from '../injection/container-module';
import type { PlainState } from '../observability/state-registry';
import { flowModule } from '../rpc/flow-module';
import { OutgoingRequests } from '../rpc/outgoing-requests';
import { makeClient } from '../rpc/rpc-client';
import { describeInterface } from '../rpc/rpc-descriptor';
import { InspectionService } from './inspection-service';

/** What an operator is given to get to the processes of a cluster. */
export interface OperatorOptions {
  /** The name of the application, as its nodes were given it. */
  readonly namespace: string;
  /** What lets it in: the cluster secret and TLS of the nodes. */
  readonly security: SecurityOptions;
  /** Later ones win over the world of Node.js. */
  readonly modules: readonly ContainerModule[];
}

/**
 * Looks at the processes of a cluster without being one of them: it has no access to the store, hosts nothing, calls no actor, and changes nothing.
 */
export class Operator {
  private constructor(
    private readonly container: NodeContainer,
    private readonly outgoing: OutgoingRequests,
  ) {}

  static async open({ namespace, security, modules }: OperatorOptions): Promise<Operator> {
    const options = { network: namespace, security };
    const container = new NodeContainer([flowModule(options, 'operator', undefined, 'operator'), ...modules]);
    await inCleanContext(() => container.start());
    return new Operator(container, container.get(OutgoingRequests));
  }

  /** What the process at the address says of itself, part by part. Fails as requests to fixed endpoints do. */
  inspect(address: string, timeoutMs: number): Promise<Readonly<Record<string, PlainState>>> {
    const client = makeClient<InspectionService>(describeInterface(InspectionService), address, this.outgoing);
    return client.$with({ timeoutMs }).inspect() as Promise<Readonly<Record<string, PlainState>>>;
  }

  close(): Promise<void> {
    this.outgoing.close();
    return this.container.stop();
  }
}
