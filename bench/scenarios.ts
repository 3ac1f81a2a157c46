import { simulatedRequests } from './rooms/simulated-requests';
import { postgresDatabase } from './durable-store';
import type { Scenario } from './scenario';
import { activation } from './scenarios/activation';
import { assertionCheck } from './scenarios/assertion';
import { localFanOut, localSequential, oneWay } from './scenarios/local-calls';
import { COMPUTING, DURABLE, HOT_DURABLE, overload, WAITING } from './scenarios/overload';
import { hotActor, keyedCalls } from './scenarios/one-commit';
import { drain } from './scenarios/drain';
import { persistedActivation } from './scenarios/persisted-activation';
import { persistence } from './scenarios/persistence';
import { remoteCalls } from './scenarios/remote-calls';
import { simulatedBank, simulatedCalls, simulatedTimers } from './scenarios/simulation';
import { start } from './scenarios/start';

/** All scenarios, with the ratios that are to be reached. */
export const SCENARIOS: readonly Scenario[] = [
  localSequential('shared', 0.6),
  localSequential('isolated', 0.3),
  localFanOut('shared', 0.85),
  localFanOut('isolated', 0.7),
  oneWay('shared', 0.45),
  oneWay('isolated'),
  remoteCalls(1, 'tiny', 0.85),
  remoteCalls(128, 'tiny', 0.6),
  remoteCalls(1_024, 'tiny', 0.6),
  remoteCalls(128, '1 KiB', 0.6),
  remoteCalls(1_024, '1 KiB', 0.6),
  remoteCalls(128, 'tiny', 0.5, 'a Unix socket'),
  remoteCalls(1_024, 'tiny', 0.5, 'a Unix socket'),
  persistence(1, 2_000, 0.8),
  persistence(256, 100, 0.7),
  hotActor(10),
  // 1.3 times the time of one without.
  keyedCalls(0.77),
  ...onPostgres(process.env['DATABASE_URL']),
  ...[COMPUTING, WAITING, DURABLE, HOT_DURABLE].flatMap((work) => [
    overload(work, 1.2, 0.95),
    overload(work, 2, 0.95),
    overload(work, 5, 0.9),
  ]),
  activation('activate', 100_000, 0.3),
  activation('activate-million', 1_000_000, 0.15),
  persistedActivation(1, 2_000, 0.15),
  persistedActivation(128, 20_000, 0.5),
  drain(20_000, 0.1),
  start(2),
  assertionCheck(),
  simulatedRequests(),
  simulatedCalls(),
  simulatedTimers(),
  simulatedBank(3, 5),
  simulatedBank(30, 1),
  simulatedBank(100, 1),
];

/** Those that need a server: there is none unless somebody says where. */
function onPostgres(connection: string | undefined): readonly Scenario[] {
  if (connection === undefined) return [];
  const database = postgresDatabase(connection);
  return [persistence(1, 500, 0.8, database), persistence(256, 100, 0.7, database)];
}
