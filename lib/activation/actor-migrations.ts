import { ActorId } from '../identity/actor-id';
import type { LocalNode } from '../identity/local-node';
import type { Departures } from '../migration/departures';
import { refused, type Destinations } from '../migration/destinations';
import type { MigrationHost } from '../migration/migration-port';
import type { AdoptedActor, HandedOver, LeavingActor, MoveTarget } from '../migration/migration-requests';
import type { ActivationMaker } from './activation-maker';
import type { ActivationTable } from './activation-table';
import { Adoption } from './adoption';

/** What migrations need of their node. */
export interface ActorMigrationsParts {
  readonly local: LocalNode;
  readonly activations: ActivationTable;
  readonly maker: ActivationMaker;
  readonly destinations: Destinations;
  readonly departures: Departures;
}

/** The migrations of a node: of its own actors to others, and of those of others to it. */
export class ActorMigrations implements MigrationHost {
  constructor(private readonly parts: ActorMigrationsParts) {}

  has(path: string): boolean {
    return this.parts.activations.get(path)?.isActive === true;
  }

  async migrate(path: string, to: MoveTarget | undefined): Promise<boolean> {
    const { activations, destinations, departures } = this.parts;
    await activations.get(path)?.decided;
    const present = activations.get(path);
    if (present === undefined) return false;
    if (!present.isRegistered) throw refused(present.target, 'at all: its class has actors of each node');
    const destination = await destinations.find(present.target, to);
    // It goes on meanwhile, and stays where that node cannot be asked, or says no.
    await departures.ask(present.target, destination);
    return (await present.migrate(destination)).hasSucceeded;
  }

  checkAdoption(path: string): void {
    this.parts.maker.adopter(this.own(path));
  }

  async adopt({ path, activation, address }: LeavingActor): Promise<AdoptedActor> {
    const { local, activations, maker, departures } = this.parts;
    const target = this.own(path);
    // One that is being made here, for a call that came too early, finds that the actor is where it still is, and ends.
    await activations.get(path)?.decided;
    if (activations.get(path) !== undefined || activations.workersOf(path) !== undefined)
      throw refused(target, `to ${local.toString()}, which has an activation of it`);
    const adoption = new Adoption(activation, () => departures.fetch(activation, address));
    maker.adopt(target, adoption);
    return adoption.outcome;
  }

  private own(path: string): ActorId {
    const { cluster } = this.parts.local;
    const target = ActorId.parse(path);
    if (target.namespace !== cluster) throw refused(target, `to a node of '${cluster}'`);
    return target;
  }

  handOver(activation: string): HandedOver {
    return this.parts.departures.handOver(activation);
  }
}
