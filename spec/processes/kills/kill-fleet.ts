import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { ChaosSetting } from '../chaos/chaos-setting';
import type { KillOrder } from './kill-process';

/** Gives a process its own space of process numbers, as a container has: then the kernel tells the others nothing of it. It dies with whoever waits for it. */
const APART = ['--pid', '--fork', '--kill-child'];

export interface KillFleetOptions {
  readonly folder: string;
  readonly nodes: readonly string[];
  readonly settingOf: (name: string) => ChaosSetting;
  readonly seed: number;
  readonly startedAt: number;
  /** Nodes do not see each other's processes: as if each was on a machine of its own. Needs root on Linux. */
  readonly areApart: boolean;
}

interface KillPlace {
  readonly name: string;
  readonly listen: string;
  lives: number;
  child: ChildProcess | undefined;
  output: string;
}

/** Nodes in processes of their own, each of which is killed and started again at its address. */
export class KillFleet {
  private readonly places = new Map<string, KillPlace>();
  private readonly files: string[] = [];

  private constructor(private readonly options: KillFleetOptions) {}

  static async start(options: KillFleetOptions): Promise<KillFleet> {
    const fleet = new KillFleet(options);
    try {
      for (const name of options.nodes) {
        const listen = `127.0.0.1:${await freePort()}`;
        fleet.places.set(name, { name, listen, lives: 0, child: undefined, output: '' });
        await fleet.launch(name);
      }
    } catch (error) {
      await fleet.stop();
      throw error;
    }
    return fleet;
  }

  get historyFiles(): readonly string[] {
    return this.files.filter((file) => existsSync(file));
  }

  /** `kill -9`. Returns at once: what comes next is measured. */
  kill(name: string): void {
    this.signal(name, 'SIGKILL');
  }

  /** `SIGSTOP`: it stands still from now on. */
  pause(name: string): void {
    this.signal(name, 'SIGSTOP');
  }

  resume(name: string): void {
    this.signal(name, 'SIGCONT');
  }

  /** Starts the node again when its process is gone. Resolves when it is a member. */
  async launch(name: string): Promise<void> {
    const { folder, seed, settingOf, startedAt, areApart } = this.options;
    const place = this.place(name);
    await ended(place.child);
    const life = `${name}.${place.lives++}`;
    const historyFile = join(folder, `${life}.jsonl`);
    this.files.push(historyFile);
    const order: KillOrder = {
      ...{ name, life, seed, listen: place.listen },
      setting: settingOf(name),
      historyFile,
      startedAt,
    };
    const child = fork(join(__dirname, 'kill-process.js'), [JSON.stringify(order)], {
      ...(areApart ? { execPath: 'unshare', execArgv: [...APART, process.execPath] } : {}),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    Object.assign(place, { child, output: '' });
    child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => (place.output = (place.output + text).slice(-2_000)));
    const first = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => undefined)]);
    if (first === undefined) throw new Error(`${name} ended before it was ready: ${place.output.trim()}`);
  }

  /** Nodes that have ended though nobody has killed them, with what they said. */
  get endedAlone(): readonly string[] {
    const gone = [...this.places.values()].filter(({ child }) => child?.exitCode !== null || child.signalCode !== null);
    return gone.map(({ name, output }) => `${name}: ${output.trim()}`);
  }

  /** Resolves when nobody has anything under way. */
  async rest(): Promise<void> {
    await Promise.all(
      [...this.places.values()].map(async ({ child }) => {
        if (child === undefined) return;
        const answer = Promise.race([once(child, 'message'), once(child, 'exit')]);
        child.send('rest', () => undefined);
        await answer;
      }),
    );
  }

  async stop(): Promise<void> {
    for (const { child } of this.places.values()) {
      child?.kill('SIGKILL');
      await ended(child);
    }
  }

  private signal(name: string, signal: NodeJS.Signals): void {
    const place = this.place(name);
    if (place.child?.kill(signal) !== true) throw new Error(`${name} had ended by itself: ${place.output.trim()}`);
  }

  private place(name: string): KillPlace {
    const place = this.places.get(name);
    if (place === undefined) throw new Error(`There is no node ${name}`);
    return place;
  }
}

async function ended(child: ChildProcess | undefined): Promise<void> {
  if (child !== undefined && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
