import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CLONE, Page } from './page';

/** What a command printed, and how it ended. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that goes on: a node. */
export interface RunningCommand {
  readonly child: ChildProcess;
  printed(): string;
  /** Sends the signal and resolves to the exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

const TARBALL = 'moonpool-0.2.0-dev.tgz';
const READY_LIMIT_MS = 60_000;
/** Two megabytes of what a command prints. */
const MAX_OUTPUT = 2 ** 21;

/**
 * Somebody with an empty folder and a clone, who does what the pages say and nothing else. All specs share one folder, for
 * installing takes longest: whoever comes first prepares it.
 */
export class Newcomer {
  /** Where the folders `moonpool`, with the package, and `bank` stand side by side. */
  readonly root = mkdtempSync(join(tmpdir(), 'moonpool-newcomer-'));
  readonly bank = join(this.root, 'bank');
  readonly page = new Page('docs/getting-started.md');
  private prepared: Promise<void> | undefined;
  private readonly running = new Set<ChildProcess>();

  /** Makes the package and the project as "Set up" of getting started says, with all files of that page, and compiles them. */
  prepare(): Promise<void> {
    this.prepared ??= this.setUp();
    return this.prepared;
  }

  private async setUp(): Promise<void> {
    const [pack = '', ...rest] = this.page.commandsBelow('Set up');
    await this.succeed(pack, CLONE);
    mkdirSync(join(this.root, 'moonpool'));
    copyFileSync(join(CLONE, TARBALL), join(this.root, 'moonpool', TARBALL));
    rmSync(join(CLONE, TARBALL));
    await this.succeed(rest.join('\n'), this.root);
    for (const [name, text] of this.page.files()) this.write(name, text);
    await this.succeed(this.page.command('npx tsc'));
  }

  write(name: string, text: string): void {
    const path = join(this.bank, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Puts a file of the project elsewhere, away from what is installed. */
  move(name: string, to: string): void {
    mkdirSync(dirname(to), { recursive: true });
    renameSync(join(this.bank, name), to);
  }

  /** Takes away the database that others of these specs have left, so that the project is as it was made. */
  forgetStore(): void {
    for (const name of readdirSync(this.bank)) if (name.startsWith('bank.db')) rmSync(join(this.bank, name));
  }

  /** Runs a command in a shell. */
  run(command: string, folder = this.bank, environment: Readonly<Record<string, string>> = {}): Promise<CommandResult> {
    return new Promise((resolve) => {
      const options = { cwd: folder, env: { ...this.environment, ...environment }, maxBuffer: MAX_OUTPUT };
      execFile('bash', ['-e', '-c', command], options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, stdout, stderr });
      });
    });
  }

  /** Runs a command that must end with 0. @returns what it printed. */
  async succeed(
    command: string,
    folder = this.bank,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const { code, stdout, stderr } = await this.run(command, folder, environment);
    if (code !== 0) throw new Error(`'${command}' ended with ${code}:\n${stdout}\n${stderr}`);
    return stdout;
  }

  /** Starts a command and resolves when it has printed what is waited for. */
  async start(command: string, ready: RegExp, folder = this.bank): Promise<RunningCommand> {
    // The shell gives its place to the command, and a signal goes to all of its processes, as it does in a terminal.
    const child = spawn('bash', ['-c', `exec ${command}`], {
      cwd: folder,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.running.add(child);
    let printed = '';
    const ended = new Promise<number | null>((resolve) => {
      child.once('exit', (code) => {
        this.running.delete(child);
        resolve(code);
      });
    });
    await new Promise<void>((resolve, reject) => {
      const refuse = (why: string) => reject(new Error(`'${command}' ${why}:\n${printed}`));
      const limit = setTimeout(() => refuse('was not ready in time'), READY_LIMIT_MS);
      const look = (chunk: Buffer): void => {
        printed += chunk.toString();
        if (ready.test(printed)) resolve();
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      void ended.then((code) => {
        clearTimeout(limit);
        refuse(`ended with ${code}`);
      });
    });
    return {
      child,
      printed: () => printed,
      end: (signal) => {
        signalAll(child, signal);
        return ended;
      },
    };
  }

  leave(): void {
    for (const child of this.running) signalAll(child, 'SIGKILL');
    rmSync(this.root, { recursive: true, force: true });
  }

  /** That of this process, without what a test runner has put there for itself; packages come from npm's cache where it has them. */
  private get environment(): NodeJS.ProcessEnv {
    const own = Object.entries(process.env).filter(
      ([name]) => !/^(npm_|NODE_|MOONPOOL_|FORCE_COLOR|VITEST|JEST)/.test(name),
    );
    return {
      ...Object.fromEntries(own),
      NO_COLOR: '1',
      npm_config_prefer_offline: 'true',
      npm_config_audit: 'false',
      npm_config_fund: 'false',
      npm_config_update_notifier: 'false',
    };
  }
}

/** To the group of processes of a command that was started detached. */
function signalAll({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch {
    // All of them have ended.
  }
}

/** The one that all specs share. */
export const newcomer = new Newcomer();
