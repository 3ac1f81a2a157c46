import type { LogFields, Logger } from '../../observability/logger';
import type { NodeLife } from '../engine/node-life';
import type { World } from '../engine/world';

/** What a simulated node logs goes into the timeline. */
export class SimulatedLogger implements Logger {
  constructor(
    private readonly world: World,
    private readonly life: NodeLife,
  ) {}

  info(message: string, fields?: LogFields): void {
    this.write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.write('warn', message, fields);
  }

  error(message: string, error: unknown, fields?: LogFields): void {
    this.write('error', message, { ...fields, error: error instanceof Error ? error.message : String(error) });
  }

  private write(level: string, message: string, fields: LogFields = {}): void {
    if (!this.life.refuses()) this.world.record(this.life.node, `log-${level}`, { message, ...fields });
  }
}
