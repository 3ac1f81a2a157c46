import { sqlite, type ContainerModule } from 'moonpool';
import { postgres } from 'moonpool/postgres';
import { BarePostgres } from './baselines/bare-postgres';
import { BareSqlite } from './baselines/bare-sqlite';
import { ScratchFolder } from './scratch-folder';

/** A store for durable writes, and its engine without anything around it. */
export interface DurableStore {
  /** What stands behind the names of its scenarios. */
  readonly suffix: string;
  /** The module of the runtime, on a store that is empty, and what clears that away. */
  open(): Promise<{ readonly module: ContainerModule; remove(): Promise<void> }>;
  openBare(): Promise<BareEngine>;
}

/** An engine that writes states in groups, each in one commit. */
export interface BareEngine {
  commit(keys: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export const SQLITE_FILE: DurableStore = {
  suffix: '',
  async open() {
    const folder = new ScratchFolder();
    return { module: sqlite({ file: folder.file('bench.db') }), remove: async () => folder.remove() };
  },
  async openBare() {
    const folder = new ScratchFolder();
    const engine = new BareSqlite(folder.file('bare.db'));
    return {
      commit: async (keys) => engine.commit(keys),
      async close() {
        engine.close();
        folder.remove();
      },
    };
  },
};

/** @param connection a database of which nothing but schemas of its own are used. */
export function postgresDatabase(connection: string): DurableStore {
  const schema = 'moonpool_bench';
  const remove = () => BarePostgres.removeSchema(connection, schema);
  return {
    suffix: '-postgres',
    async open() {
      await remove();
      return { module: postgres({ connection, schema }), remove };
    },
    openBare: () => BarePostgres.open(connection, `${schema}_bare`),
  };
}
