import { Buggify } from '../chaos/buggify';
import { LeaseOptions } from '../cluster/lease-options';
import { Membership } from '../cluster/membership';
import { ActorDirectory } from '../directory/actor-directory';
import { DirectoryPort } from '../directory/directory-port';
import { LocalNode } from '../identity/local-node';
import type { Bind, Contribute } from '../injection/container-module';
import { KnownActors } from '../metadata/actor-descriptor';
import { ActorLocator } from '../placement/actor-locator';
import { BestOfTwoPlacement } from '../placement/best-of-two-placement';
import { Candidates } from '../placement/candidates';
import { HashPlacement } from '../placement/hash-placement';
import { LeastLoadedPlacement } from '../placement/least-loaded-placement';
import { LocalPlacement } from '../placement/local-placement';
import { PlacementStrategy } from '../placement/placement-strategy';
import { Placements, PlacementTable } from '../placement/placements';
import { RandomPlacement } from '../placement/random-placement';
import { StrayingPlacement } from '../placement/straying-placement';
import { RandomProvider } from '../providers/random-provider';

/** Where an actor is, and where it goes that is nowhere. */
export function bindPlacement(bind: Bind, contribute: Contribute): void {
  bind(PlacementStrategy).toFactory([RandomProvider, Buggify], (random, buggify) => {
    const best = new BestOfTwoPlacement(random);
    return buggify.enabled ? new StrayingPlacement(best, new RandomPlacement(random), buggify) : best;
  });
  contribute(Placements).toFactory([RandomProvider], (random) => ({
    name: 'best-of-two',
    strategy: new BestOfTwoPlacement(random),
  }));
  contribute(Placements).toFactory([RandomProvider], (random) => ({
    name: 'local',
    strategy: new LocalPlacement(new BestOfTwoPlacement(random)),
  }));
  contribute(Placements).toFactory([RandomProvider], (random) => ({
    name: 'least-loaded',
    strategy: new LeastLoadedPlacement(random),
  }));
  contribute(Placements, { name: 'hash', strategy: new HashPlacement() });
  contribute(Placements).toFactory([RandomProvider], (random) => ({
    name: 'random',
    strategy: new RandomPlacement(random),
  }));
  bind(PlacementTable).toParts({ otherwise: PlacementStrategy, named: Placements, known: KnownActors }, PlacementTable);
  bind(Candidates).toFactory([Membership, LeaseOptions], (membership, { ttlMs }) => new Candidates(membership, ttlMs));
  bind(DirectoryPort).toFactory([], () => new DirectoryPort());
  bind(ActorLocator).toFactory(
    {
      directory: ActorDirectory,
      membership: Membership,
      placements: PlacementTable,
      candidates: Candidates,
      known: KnownActors,
      local: LocalNode,
      port: DirectoryPort,
    },
    ({ port, ...parts }) => {
      port.connect(parts.directory);
      return new ActorLocator(parts);
    },
  );
}
