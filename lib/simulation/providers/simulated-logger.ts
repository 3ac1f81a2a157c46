import { causeOf, messageOf } from '../../errors/thrown-value';
import type { LogFields, Logger } from '../../observability/logger';
import type { NodeLife } from '../timeline/node-life';
import type { SimulationEngine } from '../engine/simulation-engine';

/** Writes what a node tells people into the timeline of its world. */
export class SimulatedLogger implements Logger {
  constructor(
    private readonly engine: SimulationEngine,
    private readonly life: NodeLife,
  ) {}

  info(message: string, fields: LogFields = {}): void {
    this.write('info', message, fields);
  }

  warn(message: string, fields: LogFields = {}): void {
    this.write('warn', message, fields);
  }

  error(message: string, error: unknown, fields: LogFields = {}): void {
    this.write('error', message, { ...fields, error: errorInWords(error) });
  }

  private write(level: 'info' | 'warn' | 'error', message: string, fields: LogFields): void {
    if (this.life.enter()) this.engine.record(this.life, level, { message, ...fields });
  }
}

/** How many causes of an error are told: it may be its own. */
const MAX_CAUSES = 4;

/** The message of an error and of those behind it; never a stack, which holds paths of this machine. */
export function errorInWords(error: unknown): string {
  const messages: string[] = [];
  for (
    let cause = error;
    messages.length <= MAX_CAUSES && (messages.length === 0 || cause !== undefined);
    cause = causeOf(cause)
  )
    messages.push(messageOf(cause));
  return messages.join(' <- ');
}
