import { silentEventLog } from '../../lib/observability/event-log';
import type { EventFields, EventLog } from '../../lib/observability/event-log';
import type { Logger } from '../../lib/observability/logger';
import type { TimeProvider } from '../../lib/providers/time-provider';
import { NodeRandomProvider } from '../../lib/providers/node/node-random-provider';
import { NodeTaskProvider } from '../../lib/providers/node/node-task-provider';
import { NodeTimeProvider } from '../../lib/providers/node/node-time-provider';
import { quietBuggify } from '../../lib/chaos/buggify';
import { NodeThreadProvider } from '../../lib/providers/node/node-thread-provider';
import { SimulatedThreadProvider } from '../../lib/simulation/providers/simulated-thread-provider';
import { SimulatedLogger } from '../../lib/simulation/providers/simulated-logger';
import { SimulatedTaskProvider } from '../../lib/simulation/providers/simulated-task-provider';
import { SimulatedTimeProvider } from '../../lib/simulation/providers/simulated-time-provider';
import { LocalSystem } from '../../lib/local-system/local-system';
import type { LocalWorldParts } from '../../lib/local-actors/local-world';
import { simulatedContractWorld, type SimulatedParts } from '../contracts/simulated-contract-world';

/** What a spec of local actors has. */
export interface LocalFixture {
  readonly system: LocalSystem;
  readonly parts: LocalWorldParts;
  readonly time: TimeProvider;
  /** What was told to people, and what was taken down, in order. */
  readonly lines: string[];
  readonly events: { readonly name: string; readonly fields: EventFields }[];
}

const SEEDS = 5;

/** Runs the body in simulated worlds, each from its seed. */
export function simulated(body: (fixture: LocalFixture) => Promise<void>): () => Promise<void> {
  return () => simulatedContractWorld(simulatedFixture, { seeds: SEEDS }).run(body);
}

/** Defines a spec twice: in simulated worlds, and in the real one. */
export function inBothWorlds(title: string, body: (fixture: LocalFixture) => Promise<void>): void {
  it(`${title}, in simulated worlds`, simulated(body));
  it(`${title}, in the real world`, () => body(realFixture()));
}

export function realFixture(): LocalFixture {
  return fixtureOf(
    (logger) => ({
      time: new NodeTimeProvider(),
      tasks: new NodeTaskProvider(logger),
      random: new NodeRandomProvider(),
      threads: new NodeThreadProvider(),
    }),
    quietLogger(),
  );
}

function simulatedFixture({ engine, machine, life }: SimulatedParts): LocalFixture {
  const time = new SimulatedTimeProvider(engine, machine.parts.clock, life);
  return fixtureOf(
    (logger) => ({
      time,
      threads: new SimulatedThreadProvider(time, engine.rolls.sequence('blocking-jobs'), quietBuggify),
      tasks: new SimulatedTaskProvider(engine, life, logger),
      random: engine.rolls.sequence('local-actors'),
    }),
    new SimulatedLogger(engine, life),
  );
}

function fixtureOf(make: (logger: Logger) => Omit<LocalWorldParts, 'logger' | 'events'>, inner: Logger): LocalFixture {
  const lines: string[] = [];
  const events: { readonly name: string; readonly fields: EventFields }[] = [];
  const logger: Logger = {
    info: (message) => void lines.push(message),
    warn: (message) => void lines.push(message),
    error(message, error) {
      lines.push(`${message}: ${error instanceof Error ? error.message : String(error)}`);
      inner.error(message, error);
    },
  };
  const log: EventLog = {
    ...silentEventLog,
    enabled: true,
    record: (name, fields) => void events.push({ name, fields }),
  };
  const parts: LocalWorldParts = { ...make(logger), logger, events: log };
  return { system: new LocalSystem(parts), parts, time: parts.time, lines, events };
}

function quietLogger(): Logger {
  return { info: () => undefined, warn: () => undefined, error: () => undefined };
}

/** The error that the promise fails with. @throws Error when it does not. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if ('error' in outcome) return outcome.error;
  throw new Error(`It should have failed, and gave ${JSON.stringify(outcome.value)}`);
}

/** The code of the error and whether the work was done, such as `CALL_TIMEOUT no`. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  const { code, executed } = (await failureOf(promise)) as { readonly code?: string; readonly executed?: string };
  return `${code} ${executed}`;
}
