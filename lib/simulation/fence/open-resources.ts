import { createHook, executionAsyncResource, type AsyncHook } from 'node:async_hooks';
import { callerFrames, ownerOf, type Frame } from '../trace/user-place';

/** Output of the process itself, of which a test may print as much as it likes. */
const OUTPUT: ReadonlySet<string> = new Set(['TTYWrap', 'PipeWrap', 'WriteWrap', 'ShutdownWrap']);

/** How many timers, requests and handles the process has open, by kind. */
export function openResources(): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const kind of process.getActiveResourcesInfo())
    if (!OUTPUT.has(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return counts;
}

/** The kinds of which there are more now than before. */
export function newResources(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): readonly string[] {
  return [...now].filter(([kind, count]) => count > (before.get(kind) ?? 0)).map(([kind]) => kind);
}

/** What Node also makes for itself, after a collection for instance: a native callback has the same kind as one of `setImmediate`. */
export const IMMEDIATE = 'Immediate';

/** How many callbacks of `setImmediate` are waiting now, without those of Node's own. Resolves when they have been called. */
export function waitingImmediates(): Promise<number> {
  return new Promise<number>((resolve) => {
    let called = 0;
    // They are called in their order, so all that wait now come before this one; native ones have no object of this class.
    const last = setImmediate(() => {
      hook.disable();
      resolve(called - 1);
    });
    const hook = createHook({
      before() {
        if (executionAsyncResource().constructor === last.constructor) called++;
      },
    });
    hook.enable();
  });
}

/** What promises and ticks are called; there are far too many of them to look at each. */
const JOBS: ReadonlySet<string> = new Set(['PROMISE', 'TickObject', 'Microtask']);

/** Notes for each kind of resource where code of the user, or of a package, made one. It slows a run down, so it is only used to look again. */
export class ResourcePlaces {
  private readonly hook: AsyncHook;
  private readonly places = new Map<string, Frame>();

  constructor() {
    this.hook = createHook({ init: (_, kind) => this.onMade(kind) });
    this.hook.enable();
  }

  stop(): void {
    this.hook.disable();
  }

  placeOf(kind: string): Frame | undefined {
    return this.places.get(hookName(kind));
  }

  private onMade(kind: string): void {
    if (JOBS.has(kind) || this.places.has(hookName(kind))) return;
    const frames = callerFrames();
    const maker =
      frames.find((frame) => ownerOf(frame) === 'user') ?? frames.find((frame) => ownerOf(frame) === 'package');
    if (maker !== undefined) this.places.set(hookName(kind), maker);
  }
}

/** The hooks write the same kinds in another way: `TCPSOCKETWRAP` or `TCPWRAP` for `TCPSocketWrap`. */
function hookName(kind: string): string {
  return kind.toUpperCase().replace(/^(TCP|PIPE)(SOCKET|SERVER)/, '$1');
}
