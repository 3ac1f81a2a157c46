import { MoonpoolError } from '../errors/moonpool-error';
import { declareService } from '../services/service-declaration';
import type { MigrationHost, MigrationPort } from './migration-port';
import {
  activationIn,
  actorIn,
  leavingActorIn,
  moveRequestIn,
  type AdoptedActor,
  type HandedOver,
} from './migration-requests';

/** What nodes ask each other when an actor moves. Nodes of the cluster alone may ask. */
export class MigrationService {
  constructor(private readonly port: MigrationPort) {}

  /** Answers when the actor could be taken over, as things are: asked before it stops. */
  async checkAdoption(path: unknown): Promise<void> {
    this.host.checkAdoption(actorIn(path));
  }

  /** Takes the actor over, and answers when it is active here. */
  async adopt(request: unknown): Promise<AdoptedActor> {
    return this.host.adopt(leavingActorIn(request));
  }

  /** What an activation that has stopped here hands over: asked by the node that takes over, when it is registered there. */
  async handOver(activation: unknown): Promise<HandedOver> {
    return this.host.handOver(activationIn(activation));
  }

  /** Moves an actor that is active here, and answers whether it did. */
  async migrate(request: unknown): Promise<boolean> {
    const { path, to } = moveRequestIn(request);
    return this.host.migrate(path, to ?? undefined);
  }

  private get host(): MigrationHost {
    const { host } = this.port;
    if (host === undefined) throw new MoonpoolError('MIGRATION_REFUSED', { message: 'This process hosts no actors' });
    return host;
  }
}

declareService(MigrationService, 4, ['adopt', 'handOver', 'migrate', 'checkAdoption']);
