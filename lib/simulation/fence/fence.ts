import { MoonpoolError } from '../../errors/moonpool-error';
import { messageOf } from '../../errors/thrown-value';
import type { RealClock } from '../engine/budget';
import type { EngineGuard, SimulationEngine } from '../engine/simulation-engine';
import type { ObservedRun, RunObserver } from '../observation/run-observer';
import type { SimulatedClock } from '../providers/simulated-clock';
import { formatAccess, type AmbientAccess, type AmbientFunction } from './ambient/ambient-access';
import { AmbientWorld } from './ambient/ambient-world';
import { IMMEDIATE, newResources, openResources, ResourcePlaces, waitingImmediates } from './open-resources';
import { presentWatch, setWatch, type Watch } from './ambient/replacement';
import { installTripwire, removeTripwire } from './tripwire';
import { callerFrames, isBorder, ownerOf, packageOf, placeInSource, type Frame } from '../trace/user-place';

/**
 * What becomes of code that reaches past the simulated world. `report`: clocks, timers and randomness are answered by the
 * simulated world and the environment is read as it is, so the run goes on as its seed decides, and the seed fails at its end with all that was found. `refuse`:
 * they throw where they are called. `off`: nothing is looked at.
 */
export type FenceMode = 'report' | 'refuse' | 'off';

/** How many different places are reported. */
const PLACES_KEPT = 20;

/** Parts of Node that call what they were given by their user: a call from there is a call of the user. */
const ON_BEHALF = /^node:(crypto$|internal\/(util|process\/task_queues|timers)\b)/;

/** Keeps the surrounding world out of one run. It stands from the first event to the last, inside one turn of the event loop. */
export class Fence implements EngineGuard, Watch, RunObserver {
  readonly world: AmbientWorld;
  private readonly found = new Map<string, AmbientAccess>();
  private before: ReadonlyMap<string, number> = new Map();
  private isUp = false;
  private places: ResourcePlaces | undefined;
  /** How many immediates of JavaScript were left, when that is in doubt. */
  private immediates: Promise<number> | undefined;

  /**
   * @param clocks the clocks of the machines, by name. @param locates look for the places of what is left open, which slows
   * the run down.
   */
  constructor(
    private readonly engine: SimulationEngine,
    private readonly mode: Exclude<FenceMode, 'off'>,
    clocks: ReadonlyMap<string, SimulatedClock>,
    private readonly locates = false,
  ) {
    this.world = new AmbientWorld(engine, clocks);
  }

  /** True when something was left open: a slower run can tell by whom, and whether by the code of the test at all. */
  get wantsPlaces(): boolean {
    return !this.locates && this.accesses.some(({ kind, place }) => kind === 'left-open' && place === undefined);
  }

  /** What was found, in the order in which it was found first. */
  get accesses(): readonly AmbientAccess[] {
    return [...this.found.values()];
  }

  attach({ engine }: ObservedRun): void {
    engine.guardWith(this);
  }

  enter(): void {
    this.before = openResources();
    this.isUp = true;
    installTripwire(this);
    if (this.locates) this.places = new ResourcePlaces();
  }

  leave(): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.places?.stop();
    removeTripwire();
    const left = newResources(this.before, openResources());
    // A run that is made a second time takes three times as long: first see whether the immediate is one of Node's own.
    if (!this.locates && left.length === 1 && left[0] === IMMEDIATE) this.immediates = waitingImmediates();
    else this.noteLeft(left);
  }

  /** Decides what could not be known at the end of the run. */
  async settle(): Promise<void> {
    const { immediates } = this;
    this.immediates = undefined;
    if (immediates !== undefined && (await immediates) > (this.before.get(IMMEDIATE) ?? 0)) this.noteLeft([IMMEDIATE]);
  }

  private noteLeft(kinds: readonly string[]): void {
    for (const kind of kinds) {
      const place = this.places?.placeOf(kind);
      // Node makes some for itself, after a collection for instance: what nobody's code has made is nobody's fault.
      if (!this.locates || place !== undefined)
        this.note({ name: kind, kind: 'left-open', remedy: REMEDY_LEFT_OPEN }, place, undefined);
    }
  }

  judges(called: AmbientFunction): boolean {
    const frames = callerFrames();
    const caller = frames.find((frame) => !ON_BEHALF.test(frame.file));
    if (caller === undefined || isBorder(caller)) return false;
    const owner = ownerOf(caller);
    // Node itself loads modules, writes to its output and reads source maps.
    if (owner === 'node') return false;
    // A loader that compiles what it loads, or looks for it in its own way, reads files where Node does it elsewhere.
    if (owner === 'package' && isLoading(frames)) return false;
    // What a package asks of clocks and randomness is answered by the seed; the user could not write it otherwise.
    if (owner === 'package' && called.kind !== 'refused') return true;
    const user = frames.find((frame) => ownerOf(frame) === 'user') ?? caller;
    const access = this.note(called, user, owner === 'package' ? packageOf(caller) : undefined);
    if (called.kind === 'refused' || this.mode === 'refuse') throw this.error([access]);
    return true;
  }

  /** Notes something that was found, if there is room for another place. */
  note(called: AmbientFunction, user: Frame | undefined, through: string | undefined): AmbientAccess {
    const { engine, found } = this;
    const place = user === undefined ? undefined : placeInSource(user);
    const key = `${called.name}\n${called.kind}\n${place ?? ''}`;
    const known = found.get(key);
    const access: AmbientAccess =
      known === undefined
        ? { ...called, place, through, node: engine.currentLife?.toString() ?? 'the test', at: engine.now, count: 1 }
        : { ...known, count: known.count + 1 };
    if (known !== undefined || found.size < PLACES_KEPT) found.set(key, access);
    return access;
  }

  /** The error that the run ends with: what was found comes first, for it may be why the run failed. */
  verdict(error: unknown): unknown {
    return this.found.size === 0 ? error : this.error(this.accesses, error);
  }

  private error(accesses: readonly AmbientAccess[], cause?: unknown): MoonpoolError {
    const code = accesses.every(({ kind }) => kind === 'unawaited') ? 'UNAWAITED_PROMISE' : 'AMBIENT_ACCESS';
    const lines = accesses.map((access) => `  ${formatAccess(access)}`);
    const ending = cause === undefined ? '' : `\n  The run itself ended with: ${messageOf(cause)}`;
    return new MoonpoolError(code, {
      message: `Seed ${this.engine.seed} met code that no seed decides:\n${lines.join('\n')}${ending}`,
      ...(cause === undefined ? {} : { cause }),
    });
  }
}

/** True when a package was asked to help with the loading of a module, and not by code that is being loaded. */
function isLoading(frames: readonly Frame[]): boolean {
  const below = frames.slice(frames.findIndex((frame) => !ON_BEHALF.test(frame.file)));
  const asker = below.find((frame) => ownerOf(frame) !== 'package');
  return asker?.file.startsWith('node:internal/modules/') === true;
}

const REMEDY_LEFT_OPEN =
  'a function that was taken before the run, as by `const { readFile } = require(...)`, has begun it; use a provider, and call such functions as properties of their module to learn the place';

/** A clock that stays the real one while a fence stands. */
export function outsideOfFences(clock: RealClock): RealClock {
  return {
    now() {
      const watch = presentWatch();
      setWatch(undefined);
      try {
        return clock.now();
      } finally {
        setWatch(watch);
      }
    },
  };
}
