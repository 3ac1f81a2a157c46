import { namedStorage, sqlite } from 'moonpool';
import { SimulationTest, type SimulatedCluster, type StoreEngines } from 'moonpool/simulation';
import { unlisted } from '../../scenarios/unlisted';
import { sqliteInMemory } from './sqlite-in-memory';

const { CarelessActorsSimulation } = unlisted(
  () => require('../../scenarios/careless-actors.spec') as typeof import('../../scenarios/careless-actors.spec'),
);
const { DeathsOfMostSimulation } = unlisted(
  () => require('../../scenarios/deaths-of-most.spec') as typeof import('../../scenarios/deaths-of-most.spec'),
);
const { MigrationsSimulation } = unlisted(
  () => require('../../scenarios/migrations.spec') as typeof import('../../scenarios/migrations.spec'),
);
const { NamedStoragesSimulation } = unlisted(
  () => require('../../scenarios/named-storages.spec') as typeof import('../../scenarios/named-storages.spec'),
);
const { NodesWithoutTheirStoreSimulation } = unlisted(
  () =>
    require('../../scenarios/nodes-without-their-store.spec') as typeof import('../../scenarios/nodes-without-their-store.spec'),
);
const { RestlessActorsSimulation } = unlisted(
  () => require('../../scenarios/restless-actors.spec') as typeof import('../../scenarios/restless-actors.spec'),
);

/** The SQL of the engine behind the faults of the simulated store: answers lost, requests that arrive late or twice, nodes that die in between. */
export class RestlessActorsOnSqliteSimulation extends RestlessActorsSimulation {
  static readonly store = sqliteInMemory;

  @SimulationTest(2, { nodes: 3, clients: 3, chaos: 'hostile' })
  override pipelinesKeepTheirOrder(cluster: SimulatedCluster): Promise<void> {
    return super.pipelinesKeepTheirOrder(cluster);
  }
}

export class NodesWithoutTheirSqliteSimulation extends NodesWithoutTheirStoreSimulation {
  static readonly store = sqliteInMemory;

  @SimulationTest(2, { nodes: 4, clients: 3, chaos: 'default', maxDead: 1, coverage: 'report' })
  override whoeverLosesItsLeaseServesNoMore(cluster: SimulatedCluster): Promise<void> {
    return super.whoeverLosesItsLeaseServesNoMore(cluster);
  }
}

export class CarelessActorsOnSqliteSimulation extends CarelessActorsSimulation {
  static readonly store = sqliteInMemory;

  @SimulationTest(2, { nodes: 3, clients: 3, chaos: 'hostile' })
  override carelessnessLosesNothingThatWasAcknowledged(cluster: SimulatedCluster): Promise<void> {
    return super.carelessnessLosesNothingThatWasAcknowledged(cluster);
  }
}

export class DeathsOfMostOnSqliteSimulation extends DeathsOfMostSimulation {
  static readonly store = sqliteInMemory;

  @SimulationTest(2, { nodes: 5, clients: 3, chaos: 'default' })
  override oneNodeTakesOverFromAllOthers(cluster: SimulatedCluster): Promise<void> {
    return super.oneNodeTakesOverFromAllOthers(cluster);
  }
}

/** Two databases, one of them for the states that name it. The modules of the application are listed as they would be on real nodes. */
export class NamedStoragesOnSqliteSimulation extends NamedStoragesSimulation {
  static readonly modules = [namedStorage('archive', sqlite({ file: '/nowhere/that/is/written' }))];
  static readonly store = (now: () => number): Partial<StoreEngines> => {
    const [usual, archive] = [sqliteInMemory(now), sqliteInMemory(now)];
    const close = (): void => [usual, archive].forEach((engines) => engines.close?.());
    return { ...usual, named: () => archive.storage, close };
  };

  @SimulationTest(3, { nodes: 3, clients: 3, chaos: 'hostile', coverage: 'report' })
  override whatIsAnsweredIsInEveryStorage(cluster: SimulatedCluster): Promise<void> {
    return super.whatIsAnsweredIsInEveryStorage(cluster);
  }
}

export class MigrationsOnSqliteSimulation extends MigrationsSimulation {
  static readonly store = sqliteInMemory;

  @SimulationTest([1, 2, 1_795_812_483_679], { nodes: 4, clients: 3, chaos: 'hostile', coverage: 'report' })
  override whoMovesIsWhoItWas(cluster: SimulatedCluster): Promise<void> {
    return super.whoMovesIsWhoItWas(cluster);
  }
}
