import { ActorRuntime, Logger, memory } from 'moonpool';
import type { ContainerModule, LogFields } from 'moonpool';
import { auditLog } from './audit-log';
import { Relay } from './relay';

/** Two nodes, each with its own log, and one call that goes over both: all lines of it have the same trace. */
async function main(): Promise<void> {
  const store = memory();
  const start = (name: string) =>
    ActorRuntime.start({ namespace: 'audited', name, actors: [Relay], modules: [store, logOf(name), auditLog()] });
  const north = await start('north');
  const south = await start('south');
  try {
    await north.actor(Relay, 'a').pass(['b', 'c', 'd', 'e', 'f', 'g', 'h']);
    await south
      .actor(Relay, 'b')
      .refuse()
      .catch(() => undefined);
  } finally {
    await Promise.all([north.shutdown(), south.shutdown()]);
  }
}

/** Prints what the node logs, with its name. */
function logOf(node: string): ContainerModule {
  const print = (message: string, fields: LogFields = {}): void => {
    const { trace, side, outcome, actor, method } = fields;
    const line = message === 'audit' ? `${trace} ${side} ${actor}.${method}: ${outcome}` : message;
    process.stdout.write(`${node} ${line}\n`);
  };
  const logger: Logger = { info: print, warn: print, error: (message) => print(message) };
  return { name: 'named-log', load: (bind) => bind(Logger).toValue(logger) };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
