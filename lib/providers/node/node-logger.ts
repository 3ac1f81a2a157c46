import type { LogFields, Logger } from '../../observability/logger';

/** Writes log lines for people to the standard error of the process. */
export class NodeLogger implements Logger {
  info(message: string, fields?: LogFields): void {
    this.write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.write('warn', message, fields);
  }

  error(message: string, error: unknown, fields?: LogFields): void {
    this.write('error', message, fields);
    for (let cause = error, depth = 0; cause !== undefined && depth < 4; depth++) {
      process.stderr.write(`    ${depth === 0 ? '' : 'caused by '}${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`);
      cause = cause instanceof Error ? cause.cause : undefined;
    }
  }

  private write(level: string, message: string, fields: LogFields = {}): void {
    const facts = Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => ` ${key}=${typeof value === 'string' ? JSON.stringify(value) : value}`);
    process.stderr.write(`${new Date().toISOString()} moonpool ${level}: ${message}${facts.join('')}\n`);
  }
}
