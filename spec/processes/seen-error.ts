import { isMoonpoolError } from 'moonpool';

/** An error as it came to the node that made the call. */
export interface SeenError {
  readonly name: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly executed: string | undefined;
  /** Own fields, but for those that every error has. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The standard classes of which it is an instance. */
  readonly classes: readonly string[];
  /** True when it tells of the files of the node that threw it. */
  readonly hasForeignStack: boolean;
  readonly cause: SeenError | undefined;
}

const STANDARD = [RangeError, TypeError, SyntaxError];
const FIELDS_OF_ALL: ReadonlySet<string> = new Set([
  'name',
  'message',
  'stack',
  'cause',
  'code',
  'executed',
  'remedy',
  'detail',
]);

/** Describes an error, so that it can be looked at elsewhere just as it came here. */
export function describeError(error: unknown): SeenError {
  if (!(error instanceof Error)) throw new TypeError(`no error but ${String(error)} was thrown`);
  const moonpool = isMoonpoolError(error) ? error : undefined;
  return {
    name: error.name,
    message: error.message,
    code: moonpool?.code,
    executed: moonpool?.executed,
    fields: Object.fromEntries(Object.entries(error).filter(([field]) => !FIELDS_OF_ALL.has(field))),
    classes: STANDARD.filter((type) => error instanceof type).map(({ name }) => name),
    hasForeignStack: /faulty-actors/.test(error.stack ?? ''),
    cause: error.cause === undefined ? undefined : describeError(error.cause),
  };
}
