import type { SqliteDatabase, SqliteStatement } from './sqlite-driver';

/** A row as the drivers give it. */
export type Row = Readonly<Record<string, unknown>>;

/** The bytes in a column: some drivers give a buffer of rows that are read together, and a view of one that is read alone. */
export function bytesOf(value: unknown): Uint8Array {
  return new Uint8Array(value as Uint8Array | ArrayBuffer);
}

/** No bytes, within a buffer that has some. */
const NO_BYTES = new Uint8Array(1).subarray(0, 0);

/** The SQLite of Node.js 22 takes bytes of an empty buffer for NULL, as they are when they have come from another thread. Works in place. */
function bound(parameters: unknown[]): unknown[] {
  for (let index = 0; index < parameters.length; index++) {
    const parameter = parameters[index];
    if (parameter instanceof Uint8Array && parameter.byteLength === 0) parameters[index] = NO_BYTES;
  }
  return parameters;
}

/** The statements of one database, each prepared once. */
export class SqliteStatements {
  private readonly statements = new Map<string, SqliteStatement>();

  constructor(private readonly database: SqliteDatabase) {}

  /** Returns how many rows were changed. */
  run(sql: string, ...parameters: unknown[]): number {
    return this.with(sql, (statement) => Number(statement.run(...bound(parameters)).changes));
  }

  /** Returns the first row. */
  get(sql: string, ...parameters: unknown[]): Row | undefined {
    return this.with(sql, (statement) => statement.get(...bound(parameters)));
  }

  all(sql: string, ...parameters: unknown[]): readonly Row[] {
    return this.with(sql, (statement) => statement.all(...bound(parameters)));
  }

  private with<T>(sql: string, use: (statement: SqliteStatement) => T): T {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.statements.set(sql, statement);
    }
    try {
      return use(statement);
    } catch (error) {
      // With libsql a statement that has failed fails for ever, whatever it is asked.
      this.statements.delete(sql);
      throw error;
    }
  }
}
