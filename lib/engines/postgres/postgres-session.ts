import { crc32c } from '../../wire/crc32c';
import type { PostgresClient, PostgresQuery, PostgresRow } from './postgres-driver';
import { isStalePlan } from './postgres-failure';

/** A statement of which each connection makes a plan once. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** @param text what the same name is given for the same text, so that two schemas can share a connection. */
export function statement(text: string): Statement {
  return { name: `moonpool-${crc32c(Buffer.from(text)).toString(16)}-${text.length.toString(16)}`, text };
}

/** A connection while it is one's own. */
export class PostgresSession {
  private hasStalePlan = false;

  constructor(
    private readonly client: PostgresClient,
    private readonly types: NonNullable<PostgresQuery['types']>,
  ) {}

  /** Whether something that the connection has prepared is of no use any more: then it is to be thrown away, for it would never be prepared again. */
  get isStale(): boolean {
    return this.hasStalePlan;
  }

  /** Runs a statement, in a transaction of its own unless one has begun. */
  async rows(asked: Statement | string, values: unknown[] = []): Promise<readonly PostgresRow[]> {
    const query = typeof asked === 'string' ? { text: asked } : { name: asked.name, text: asked.text };
    try {
      const { rows } = await this.client.query({ ...query, values, types: this.types });
      return rows as readonly PostgresRow[];
    } catch (error) {
      if (typeof asked !== 'string' && isStalePlan(error)) this.hasStalePlan = true;
      throw error;
    }
  }

  /** Runs statements that parameters cannot be given to: those that make tables, and those of transactions. */
  async run(text: string): Promise<void> {
    await this.client.query({ text });
  }

  /** All of the work, or nothing of it. */
  async transact<T>(work: () => Promise<T>): Promise<T> {
    await this.run('BEGIN');
    try {
      const result = await work();
      await this.run('COMMIT');
      return result;
    } catch (error) {
      // On a connection that is lost this fails too, and says less than what failed before.
      await this.run('ROLLBACK').catch(() => undefined);
      throw error;
    }
  }
}
