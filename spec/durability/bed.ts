import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PostgresServer } from '../engines/postgres/postgres-server';
import { LoopDisk } from './loop-disk';
import { NodeProcess, type NodeProcessOptions } from './node-process';

export type EngineName = 'sqlite' | 'postgres';

/** What is set so that acknowledged writes are lost: what a campaign that works must notice. */
export interface Carelessness {
  /** Of SQLite. */
  readonly synchronous?: 'OFF' | 'NORMAL';
  /** Of the server of PostgreSQL. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface BedOptions {
  readonly engine: EngineName;
  /** Puts the database on a disk of its own of so many MiB, whose power can be cut. */
  readonly diskMib?: number;
  readonly careless?: Carelessness;
}

/** What is in the database cannot be served any more. */
export class StoreGone extends Error {
  override readonly name = 'StoreGone';
}

/** What did not start says why: that it has to do with what is stored, or anything else, such as a package that is missing, which shows nothing. */
function gone(error: unknown, sign: RegExp): Error {
  const { message } = error as Error;
  return sign.test(message) ? new StoreGone(message) : new Error(message);
}

/** For how long a server is tried to be started after a crash, in milliseconds: one whose data are spoiled never will. */
const RECOVERY_LIMIT_MS = 20_000;
/** The log of the server is written again and again, so that it does not take the room of a small disk. */
const SMALL_LOG = { max_wal_size: '64MB', min_wal_size: '32MB' };

/** A node and its database, which are killed and started again, alone or together. */
export class Bed {
  private current: NodeProcess | undefined;

  private constructor(
    private readonly options: BedOptions,
    private readonly folder: string,
    readonly disk: LoopDisk | undefined,
    readonly server: PostgresServer | undefined,
  ) {}

  static async create(options: BedOptions): Promise<Bed> {
    const { engine, diskMib, careless } = options;
    const folder = mkdtempSync(join(tmpdir(), 'moonpool-durability-'));
    const disk = diskMib === undefined ? undefined : await LoopDisk.create(diskMib);
    let server: PostgresServer | undefined;
    try {
      if (engine === 'postgres')
        server = await PostgresServer.create({ ...SMALL_LOG, ...careless?.settings }, disk?.mountPoint);
      // The folder of a new database is made without waiting for the disk; only what comes now is looked at.
      disk?.sync();
    } catch (error) {
      await disk?.remove();
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    return new Bed(options, folder, disk, server);
  }

  get node(): NodeProcess {
    if (this.current === undefined) throw new Error('There is no node yet: start one first');
    return this.current;
  }

  /** A file on a disk that nothing happens to. */
  safeFile(name: string): string {
    return join(this.folder, name);
  }

  /** A new process of the node; the one before must be gone. @throws StoreGone */
  async startNode(): Promise<NodeProcess> {
    try {
      this.current = await NodeProcess.start(this.nodeOptions());
    } catch (error) {
      throw gone(error, /\bSTORAGE_[A-Z_]+/);
    }
    return this.current;
  }

  /** @throws StoreGone */
  async startServer(): Promise<void> {
    try {
      await this.server?.start(RECOVERY_LIMIT_MS);
    } catch (error) {
      throw gone(error, /\b(FATAL|PANIC)\b/);
    }
  }

  /** `kill -9` of the node and of the server, as the power that both are without does. */
  async killAll(): Promise<void> {
    await this.current?.kill();
    await this.server?.killAll();
  }

  async remove(): Promise<void> {
    await this.killAll();
    await this.server?.remove();
    await this.disk?.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private nodeOptions(): NodeProcessOptions {
    const { careless } = this.options;
    if (this.server !== undefined) {
      const durability = careless === undefined ? 'strict' : 'relaxed';
      return { store: { engine: 'postgres', connection: this.server.url(), durability } };
    }
    const file = join(this.disk?.mountPoint ?? this.folder, 'durability.db');
    const store = { engine: 'sqlite', file } as const;
    return careless?.synchronous === undefined ? { store } : { store, synchronous: careless.synchronous };
  }
}
