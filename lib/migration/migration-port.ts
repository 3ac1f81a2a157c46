import type { AdoptedActor, HandedOver, LeavingActor, MoveTarget } from './migration-requests';

/** The activations of a node, as migrations see them. */
export interface MigrationHost {
  /** True when the actor is active here. */
  has(path: string): boolean;
  /** Moves an actor that is active here. False when it is not, or could not be handed over and has ended all the same. @throws MoonpoolError MIGRATION_REFUSED, NO_NODE_AVAILABLE */
  migrate(path: string, to: MoveTarget | undefined): Promise<boolean>;
  /** @throws MoonpoolError MIGRATION_REFUSED, UNKNOWN_ACTOR, ACTIVATION_FAILED when the actor could not be taken over here, as things are. */
  checkAdoption(path: string): void;
  /** Takes an actor over from the node where it has stopped. @throws MoonpoolError MIGRATION_REFUSED, UNKNOWN_ACTOR, ACTIVATION_FAILED */
  adopt(leaving: LeavingActor): Promise<AdoptedActor>;
  /** What the activation, which has stopped here, hands over. */
  handOver(activation: string): HandedOver;
}

/** The place at which the activations of a node are found, by those who are made before them; it cuts the circle of services and catalog. */
export class MigrationPort {
  private connected: MigrationHost | undefined;

  connect(host: MigrationHost): void {
    this.connected = host;
  }

  /** Undefined in a process that hosts no actors. */
  get host(): MigrationHost | undefined {
    return this.connected;
  }
}
