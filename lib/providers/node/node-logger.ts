import type { LogFields, Logger } from '../../observability/logger';

/** How many causes of an error are printed. */
const MAX_CAUSES = 4;

/**
 * Writes log lines for people to the standard error of the process: time, level, message, fields. An error follows its
 * line with its stack, and with the stacks of what caused it.
 */
export class NodeLogger implements Logger {
  /** @param print where the text goes, each piece with its line ends. */
  constructor(private readonly print: (text: string) => void = (text) => void process.stderr.write(text)) {}

  info(message: string, fields?: LogFields): void {
    this.print(line('info', message, fields));
  }

  warn(message: string, fields?: LogFields): void {
    this.print(line('warn', message, fields));
  }

  error(message: string, error: unknown, fields?: LogFields): void {
    // One piece, so that lines of other threads and processes do not come in between.
    this.print([line('error', message, fields), ...describeCauses(error)].join(''));
  }
}

function line(level: string, message: string, fields: LogFields = {}): string {
  const facts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}=${typeof value === 'string' ? JSON.stringify(value) : value}`);
  return `${new Date().toISOString()} moonpool ${level}: ${onOneLine(message)}${facts.join('')}\n`;
}

function* describeCauses(error: unknown): Generator<string> {
  let cause = error;
  for (let depth = 0; depth <= MAX_CAUSES && (depth === 0 || cause !== undefined); depth++) {
    const text = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
    yield `    ${depth === 0 ? '' : 'caused by '}${text}\n`;
    cause = cause instanceof Error ? cause.cause : undefined;
  }
}

/** A message may quote what came from outside; it must not look like another log line. */
function onOneLine(message: string): string {
  return message.replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}
