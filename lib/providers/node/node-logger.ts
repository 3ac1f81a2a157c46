import { visible } from '../../errors/outside-text';
import { causeOf, stackOf } from '../../errors/thrown-value';
import type { LogFields, Logger } from '../../observability/logger';

/** How many causes of an error are printed. */
const MAX_CAUSES = 4;

/** Longer texts are cut: a log line is for reading, and what is in it may have come from anywhere. */
const MAX_MESSAGE_CHARACTERS = 4_000;
const MAX_FIELD_CHARACTERS = 1_000;
const MAX_STACK_CHARACTERS = 8_000;

/**
 * Writes log lines for people to the standard error of the process: time, level, message, fields. An error follows its
 * line with its stack, and with the stacks of what caused it, each of their lines indented, so that none passes for a line of the log.
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
    .map(
      ([key, value]) =>
        ` ${visible(key)}=${typeof value === 'string' ? visible(JSON.stringify(cut(value, MAX_FIELD_CHARACTERS))) : value}`,
    );
  return `${new Date().toISOString()} moonpool ${level}: ${visible(cut(message, MAX_MESSAGE_CHARACTERS))}${facts.join('')}\n`;
}

function* describeCauses(error: unknown): Generator<string> {
  let cause = error;
  for (let depth = 0; depth <= MAX_CAUSES && (depth === 0 || cause !== undefined); depth++) {
    const text = stackOf(cause);
    const lines = cut(text, MAX_STACK_CHARACTERS).split('\n').map(visible);
    yield `    ${depth === 0 ? '' : 'caused by '}${lines.join('\n    ')}\n`;
    cause = causeOf(cause);
  }
}

function cut(text: string, characters: number): string {
  return text.length <= characters ? text : `${text.slice(0, characters)}... (${text.length} characters)`;
}
