import type { SqliteDatabase, SqliteStatement } from './sqlite-driver';

/** A row as the drivers give it. */
export type Row = Readonly<Record<string, unknown>>;

/** The bytes in a column: some drivers give a buffer of rows that are read together, and a view of one that is read alone. */
export function bytesOf(value: unknown): Uint8Array {
  return new Uint8Array(value as Uint8Array | ArrayBuffer);
}

/** The statements of one database, each prepared once. */
export class SqliteStatements {
  private readonly statements = new Map<string, SqliteStatement>();

  constructor(private readonly database: SqliteDatabase) {}

  /** Returns how many rows were changed. */
  run(sql: string, ...parameters: unknown[]): number {
    return this.with(sql, (statement) => Number(statement.run(...parameters).changes));
  }

  /** Returns the first row. */
  get(sql: string, ...parameters: unknown[]): Row | undefined {
    return this.with(sql, (statement) => statement.get(...parameters));
  }

  all(sql: string, ...parameters: unknown[]): readonly Row[] {
    return this.with(sql, (statement) => statement.all(...parameters));
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
