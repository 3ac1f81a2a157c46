import type { Membership } from '../cluster/membership';
import type { ActorDirectory } from '../directory/actor-directory';
import type { ActorId } from '../identity/actor-id';
import type { LocalNode } from '../identity/local-node';
import { sameNode } from '../identity/node-id';
import type { NodeEndpoints } from '../services/node-endpoints';
import type { MigrationPort } from './migration-port';
import type { MoveTarget } from './migration-requests';
import { MigrationService } from './migration-service';
import { reasonIn } from '../services/handler-reason';

/** What is needed to move actors. */
export interface ActorMovesParts {
  readonly local: Pick<LocalNode, 'node'>;
  readonly port: MigrationPort;
  readonly directory: Pick<ActorDirectory, 'lookup'>;
  readonly membership: Pick<Membership, 'isLive'>;
  readonly endpoints: Pick<NodeEndpoints, 'connect'>;
}

/** Moves actors for whoever asks, wherever they are: the node that has an actor is asked to hand it over. */
export class ActorMoves {
  constructor(private readonly parts: ActorMovesParts) {}

  /**
   * Whether the actor has moved. False: it is nowhere, or could not be handed over and has ended; the next call activates it.
   * @throws MoonpoolError MIGRATION_REFUSED, NO_NODE_AVAILABLE, STORAGE_UNAVAILABLE, and as requests to fixed endpoints do.
   */
  async move({ path }: ActorId, to: MoveTarget | undefined): Promise<boolean> {
    const { port, directory, membership, endpoints, local } = this.parts;
    if (port.host?.has(path) === true) return port.host.migrate(path, to);
    const found = await directory.lookup(path);
    if (found === undefined || !membership.isLive(found.node)) return false;
    // It is just being made here, or has ended.
    if (sameNode(found.node, local.node)) return (await port.host?.migrate(path, to)) === true;
    try {
      const moved = await endpoints.connect(MigrationService, found.address).migrate({ path, to: to ?? null });
      return moved === true;
    } catch (error) {
      throw reasonIn(error);
    }
  }
}
