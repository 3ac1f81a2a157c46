import { choice, list } from '../options/option-kind';
import { checkArguments } from '../options/option-table';
import type { Logger } from '../observability/logger';
import { PROCESS_SIGNALS, type HostProvider, type ProcessSignal } from '../providers/host-provider';

/** What may stand in a list of signals. */
export const shutdownSignals = list('a list of signals', choice(...PROCESS_SIGNALS));

/** What is shut down, and by what it is told. */
export interface ShutdownSignalsParts {
  readonly host: HostProvider;
  readonly logger: Logger;
  readonly terminated: Promise<unknown>;
  readonly shutDown: () => Promise<void>;
}

/**
 * Shuts down with the first of the signals that comes. From then on nobody listens to any of them, so that a second one ends the process
 * as it would have without us. @returns what ends the listening. @throws MoonpoolError INVALID_OPTION
 */
export function shutDownOn(signals: readonly ProcessSignal[], parts: ShutdownSignalsParts): () => void {
  checkArguments('runtime.shutdownOn', { signals: [shutdownSignals, signals] });
  const { host, logger, terminated, shutDown } = parts;
  const onSignal = (signal: ProcessSignal): void => {
    forget();
    logger.info(`${signal} came, so this process shuts down; one more ends it at once`);
    shutDown().catch((error: unknown) => logger.error('the runtime could not be shut down in order', error));
  };
  const forgets = signals.map((signal) => host.onSignal(signal, () => onSignal(signal)));
  const forget = (): void => forgets.forEach((each) => each());
  void terminated.then(forget);
  return forget;
}
