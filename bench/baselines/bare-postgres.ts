import { Client } from 'pg';
import { Savings } from '../savings';

/** The engine without anything around it: an upsert of states as one statement over arrays, on one connection. */
export class BarePostgres {
  private readonly states = new Map<string, Savings>();

  private constructor(
    private readonly client: Client,
    private readonly schema: string,
  ) {}

  static async open(connectionString: string, schema: string): Promise<BarePostgres> {
    await BarePostgres.removeSchema(connectionString, schema);
    const client = new Client({ connectionString });
    await client.connect();
    await client.query(
      `CREATE SCHEMA ${schema}; CREATE TABLE ${schema}.state (key text PRIMARY KEY, version bigint, data bytea)`,
    );
    return new BarePostgres(client, schema);
  }

  static async removeSchema(connectionString: string, schema: string): Promise<void> {
    const client = new Client({ connectionString });
    await client.connect();
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    await client.end();
  }

  /** Writes the states of the keys in one commit. */
  async commit(keys: readonly string[]): Promise<void> {
    const records = keys.map((key) => {
      const state = this.states.get(key) ?? new Savings();
      state.balance++;
      this.states.set(key, state);
      return Buffer.from(JSON.stringify(state));
    });
    await this.client.query({
      name: 'commit',
      text: `INSERT INTO ${this.schema}.state AS s SELECT key, 1, data FROM unnest($1::text[], $2::bytea[]) AS a(key, data)
        ON CONFLICT (key) DO UPDATE SET version = s.version + 1, data = excluded.data`,
      values: [keys, records],
    });
  }

  async close(): Promise<void> {
    await this.client.query(`DROP SCHEMA ${this.schema} CASCADE`);
    await this.client.end();
  }
}
