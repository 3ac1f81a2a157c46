import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../process-fleet';
import type { FromProcess, ProcessOrder, ToProcess } from './chaos-process';
import type { ChaosNetwork, NetworkPlace } from './chaos-network';
import type { ChaosSetting } from './chaos-setting';

/** How soon a process that ended is started again, in milliseconds. */
const RESTART_MS = 200;
/** How long all of them may take until they run, and one until it has ended, in milliseconds. */
const LIMIT_MS = 60_000;
/** How much of what a process says on its way out is kept, in characters. */
const KEPT_OUTPUT = 2_000;

/** A node or a client, over all of its lives. */
interface Place {
  readonly name: string;
  readonly network: NetworkPlace;
  /** How wrong its wall clock is, in this and all later lives, in milliseconds. */
  clockOffsetMs: number;
  lives: number;
  child: ChildProcess | undefined;
  isReady: boolean;
  /** Before this moment of `performance.now()` it is not started again. */
  restUntil: number;
  /** Somebody ends it: that it ends is no news. */
  isEnded: boolean;
  output: string;
}

export interface ChaosFleetOptions {
  /** For histories and sockets. */
  readonly folder: string;
  /** What the process of this name is given. */
  readonly settingOf: (name: string) => ChaosSetting;
  readonly seed: number;
  readonly startedAt: number;
  readonly nodes: readonly string[];
  readonly clients: readonly string[];
  readonly network: ChaosNetwork;
}

/** The processes of a campaign, and a supervisor that starts again whichever of them ends. */
export class ChaosFleet {
  private readonly places: Place[] = [];
  private isStopping = false;
  private readonly files: string[] = [];
  /** Processes that ended though nobody had ended them, each with what it said. */
  readonly endedAlone: string[] = [];

  private constructor(private readonly options: ChaosFleetOptions) {}

  /** Resolves when all nodes run, and all clients are connected. */
  static async start(options: ChaosFleetOptions): Promise<ChaosFleet> {
    const fleet = new ChaosFleet(options);
    try {
      for (const node of options.nodes) await fleet.add(node, 'node');
      await fleet.allRun();
      for (const client of options.clients) await fleet.add(client, 'client');
      await fleet.allRun();
    } catch (error) {
      await fleet.stop();
      throw error;
    }
    return fleet;
  }

  /** The files of all lives so far, those included that ended before they were ready: they may have asked for something. */
  get historyFiles(): readonly string[] {
    return this.files.filter((file) => existsSync(file));
  }

  /** `kill -9`; it is started again after so many milliseconds. @returns false when it did not run. */
  async kill(name: string, downMs: number): Promise<boolean> {
    const place = this.place(name);
    if (place.child === undefined) return false;
    place.restUntil = performance.now() + downMs;
    await this.end(place, 'SIGKILL');
    return true;
  }

  /** @returns false when it does not run. */
  pause(name: string): boolean {
    return this.place(name).child?.kill('SIGSTOP') === true;
  }

  resume(name: string): void {
    this.place(name).child?.kill('SIGCONT');
  }

  /** Sets the wall clock of a process, also of its later lives, to so many milliseconds from what the machine says. */
  setWallClock(name: string, byMs: number): void {
    const place = this.place(name);
    place.clockOffsetMs = byMs;
    // One that is ending is not told any more, and its next life begins with it.
    place.child?.send({ clockOffsetMs: byMs } satisfies ToProcess, () => undefined);
  }

  /** Has a node end in order, and start again. @returns what went wrong, as a sentence. */
  async restart(name: string): Promise<string | undefined> {
    const place = this.place(name);
    await until(`${name} runs`, () => place.isReady, LIMIT_MS);
    const code = await this.end(place, 'SIGTERM');
    await until(`${name} runs again`, () => place.isReady, LIMIT_MS);
    return code === 0 ? undefined : wrongEnd(place, code);
  }

  /** Resolves when everything runs. */
  async allRun(): Promise<void> {
    for (const place of this.places)
      await until(`${place.name} runs, which said ${place.output}`, () => place.isReady, LIMIT_MS);
  }

  /** Resolves when nobody has anything under way. */
  async rest(): Promise<void> {
    await Promise.all(
      this.places.map(async ({ child }) => {
        if (child === undefined) return;
        const answer = Promise.race([once(child, 'message'), once(child, 'exit')]);
        // One that has just ended is not asked any more, and its exit is the answer.
        child.send('rest' satisfies ToProcess, () => undefined);
        await answer;
      }),
    );
  }

  /** Ends all processes, clients first. @returns what went wrong, as sentences. */
  async stop(): Promise<readonly string[]> {
    this.isStopping = true;
    const problems: string[] = [];
    for (const place of [...this.places].reverse()) {
      place.child?.kill('SIGCONT');
      const code = await this.end(place, 'SIGTERM');
      if (code !== 0 && code !== undefined) problems.push(wrongEnd(place, code));
    }
    return problems;
  }

  private async add(name: string, role: 'node' | 'client'): Promise<void> {
    const network = await this.options.network.place(name, role, this.options.folder);
    const place: Place = {
      ...{ name, network, clockOffsetMs: 0, lives: 0, child: undefined, isReady: false },
      ...{ restUntil: 0, isEnded: false, output: '' },
    };
    this.places.push(place);
    this.launch(place);
  }

  private place(name: string): Place {
    const place = this.places.find((candidate) => candidate.name === name);
    if (place === undefined) throw new Error(`There is no process ${name}`);
    return place;
  }

  private launch(place: Place): void {
    const { folder, settingOf, seed, startedAt } = this.options;
    const life = `${place.name}.${place.lives++}`;
    const historyFile = join(folder, `${life}.jsonl`);
    this.files.push(historyFile);
    const order: ProcessOrder = {
      ...{ name: place.name, life, seed, setting: settingOf(place.name), historyFile, startedAt },
      clockOffsetMs: place.clockOffsetMs,
      ...(place.network.node === undefined ? {} : { place: place.network.node }),
    };
    const [execPath, ...before] = place.network.command;
    const child = fork(join(__dirname, 'chaos-process.js'), [JSON.stringify(order)], {
      execPath,
      execArgv: [...before, '--enable-source-maps', '--require', join(__dirname, 'settable-clock.js')],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    Object.assign(place, { child, isReady: false, isEnded: false });
    child.stderr
      ?.setEncoding('utf8')
      .on('data', (text: string) => (place.output = (place.output + text).slice(-KEPT_OUTPUT)));
    child.once('message', (message: FromProcess) => {
      // What earlier lives said that never ran is kept until one runs.
      if (message === 'ready') Object.assign(place, { isReady: true, output: '' });
    });
    child.once('exit', (code, signal) => this.onExit(place, code ?? signal));
  }

  private onExit(place: Place, how: number | string | null): void {
    const hasRun = place.isReady;
    Object.assign(place, { child: undefined, isReady: false });
    if (this.isStopping) return;
    if (hasRun && !place.isEnded) this.endedAlone.push(`${place.name} ended with ${how}: ${place.output.trim()}`);
    void sleep(Math.max(RESTART_MS, place.restUntil - performance.now())).then(() => {
      if (!this.isStopping) this.launch(place);
    });
  }

  /** @returns its code or signal; undefined when it does not run. */
  private async end(place: Place, signal: NodeJS.Signals): Promise<number | string | undefined> {
    const { child } = place;
    if (child === undefined) return undefined;
    place.isEnded = true;
    const exit = once(child, 'exit') as Promise<[number | null, string | null]>;
    const killer = setTimeout(() => child.kill('SIGKILL'), LIMIT_MS);
    child.kill(signal);
    const [code, by] = await exit;
    clearTimeout(killer);
    return code ?? by ?? undefined;
  }
}

function wrongEnd({ name, output }: Place, code: number | string | undefined): string {
  return `${name} was asked to end, and ended with ${code}: ${output.trim()}`;
}
