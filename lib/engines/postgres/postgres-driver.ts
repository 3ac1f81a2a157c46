import { createRequire } from 'node:module';
import { MoonpoolError } from '../../errors/moonpool-error';

/** A row as it is asked for here: every value is the text of PostgreSQL, or bytes. */
export type PostgresRow = Readonly<Record<string, string | Uint8Array | null>>;

/** A statement with its parameters, as the package `pg` takes it. */
export interface PostgresQuery {
  /** A statement with a name is planned once for each connection. */
  readonly name?: string;
  readonly text: string;
  readonly values?: unknown[];
  readonly types?: { getTypeParser(oid: number): (text: string) => unknown };
}

/** A connection of a pool, as far as it is used here. */
export interface PostgresClient {
  query(query: PostgresQuery): Promise<{ readonly rows: unknown[] }>;
  /** Gives it back to the pool. @param destroy it is closed, and another one is opened in its place when one is needed. */
  release(destroy?: boolean): void;
  on(event: 'error' | 'end' | 'notification', listener: (...args: unknown[]) => void): unknown;
  removeListener(event: 'error' | 'end' | 'notification', listener: (...args: unknown[]) => void): unknown;
}

/** A pool of connections: that of the package `pg`, or one that is used in the same way. */
export interface PostgresPool {
  readonly options: { readonly max?: number };
  connect(): Promise<PostgresClient>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
  end(): Promise<void>;
}

type PoolType = new (config: object) => PostgresPool;
type TextParser = (text: string) => unknown;
interface Driver {
  readonly Pool: PoolType;
  readonly types: { getTypeParser(oid: number): TextParser };
}

/** The number of the type `bytea`. */
const BYTEA = 17;

const load = createRequire(__filename);

/** A pool of the package `pg`. @throws MoonpoolError MISSING_PACKAGE */
export function openPool(config: object): PostgresPool {
  return new (driver().Pool)(config);
}

/**
 * Values as PostgreSQL writes them, whatever an application has told `pg` to make of numbers: a bigint is read, and refused, in one place.
 * @throws MoonpoolError MISSING_PACKAGE
 */
export function plainTypes(): NonNullable<PostgresQuery['types']> {
  const bytes = driver().types.getTypeParser(BYTEA);
  const parseBytes: TextParser = (text) => (text.startsWith('\\x') ? bytesOfHex(text) : bytes(text));
  const asItIs: TextParser = (text) => text;
  return { getTypeParser: (oid) => (oid === BYTEA ? parseBytes : asItIs) };
}

/** Bytes of their own: a Buffer of few bytes would lie in one that it shares. */
function bytesOfHex(text: string): Uint8Array {
  const bytes = new Uint8Array((text.length - 2) / 2);
  Buffer.from(bytes.buffer).write(text.slice(2), 'hex');
  return bytes;
}

function driver(): Driver {
  try {
    return load('pg') as Driver;
  } catch (cause) {
    throw new MoonpoolError('MISSING_PACKAGE', {
      message: 'The PostgreSQL engine needs the package pg',
      remedy: 'Run `npm install pg`.',
      cause,
    });
  }
}
