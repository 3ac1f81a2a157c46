import {
  ActorRuntime,
  isMoonpoolError,
  Logger,
  memory,
  type ActorClass,
  type ContainerModule,
  type ErrorCode,
  type LogFields,
  type StartOptions,
} from 'moonpool';

/** A line that a node wrote to its log. */
export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

/** The nodes of one spec: one store, one log, and all shut down when the spec is over. */
export class ClusterFixture {
  readonly lines: LogLine[] = [];
  private readonly runtimes: ActorRuntime[] = [];
  private readonly modules: readonly ContainerModule[];

  constructor(private readonly actors: readonly ActorClass[]) {
    const log: Logger = {
      info: (message, fields = {}) => void this.lines.push({ level: 'info', message, fields }),
      warn: (message, fields = {}) => void this.lines.push({ level: 'warn', message, fields }),
      error: (message, error, fields = {}) =>
        void this.lines.push({ level: 'error', message: `${message}: ${String(error)}`, fields }),
    };
    this.modules = [memory(), { name: 'kept log', load: (bind) => bind(Logger).toValue(log) }];
  }

  /** Its modules, and those besides. */
  with(...modules: readonly ContainerModule[]): readonly ContainerModule[] {
    return [...this.modules, ...modules];
  }

  async node(name = 'n1', options: Partial<StartOptions> = {}): Promise<ActorRuntime> {
    const { actors, modules } = this;
    return this.keep(
      await ActorRuntime.start({ namespace: 'spec', name, actors, modules, inProcess: false, ...options }),
    );
  }

  async client(options: Partial<StartOptions> = {}): Promise<ActorRuntime> {
    const { actors, modules } = this;
    return this.keep(await ActorRuntime.connect({ namespace: 'spec', actors, modules, inProcess: false, ...options }));
  }

  /** What was written to the log with this beginning. */
  said(beginning: string): readonly LogLine[] {
    return this.lines.filter(({ message }) => message.startsWith(beginning));
  }

  async shutdown(): Promise<void> {
    for (const runtime of this.runtimes.splice(0).reverse()) await runtime.shutdown();
  }

  private keep(runtime: ActorRuntime): ActorRuntime {
    this.runtimes.push(runtime);
    return runtime;
  }
}

/** Where handlers of a spec wait, each under its name, until the spec lets it go on. */
export class Gates {
  private readonly closed = new Map<string, () => void>();
  private areOpen = false;

  wait(name: string): Promise<void> {
    if (this.areOpen) return Promise.resolve();
    return new Promise((open) => this.closed.set(name, open));
  }

  /** Resolves when a handler waits under the name. */
  reached(name: string): Promise<void> {
    return eventually(() => this.closed.has(name));
  }

  async open(name: string): Promise<void> {
    await this.reached(name);
    this.closed.get(name)?.();
    this.closed.delete(name);
  }

  /** For good: the spec is over. */
  openAll(): void {
    this.areOpen = true;
    for (const open of this.closed.values()) open();
    this.closed.clear();
  }
}

export async function failureOf(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    return error as Error;
  }
  throw new Error('it did not fail');
}

export async function codeOf(promise: Promise<unknown>): Promise<ErrorCode> {
  const error = await failureOf(promise);
  if (!isMoonpoolError(error)) throw error;
  return error.code;
}

export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  // Long, for it is waited out by what fails alone, and machines are shared.
  const until = performance.now() + 10_000;
  while (!(await condition())) {
    if (performance.now() > until) throw new Error('what was waited for did not happen');
    await pause(1);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
