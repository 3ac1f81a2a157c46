import type { MoonpoolError } from '../../../errors/moonpool-error';
import type { PlainState } from '../../../observability/state-registry';
import {
  brokenInvariant,
  type ObservedProcess,
  type ObservedRun,
  type RunObserver,
} from '../../observation/run-observer';
import type { TimelineEventName } from '../../timeline/event-names';
import type { OpenWork } from './open-work';

/**
 * How often a cluster at rest is looked at, and for how long at most, in milliseconds of virtual time. No application does anything with this period: one that calls an actor each second would be met at
 * the same moment of its call again and again.
 */
const LOOK_MS = 1_033;
const LOOKS = 90;

/**
 * So many looks at a cluster in which nothing is under way must find the same left over before it counts as forgotten: a connection
 * that rests, and whose other side is gone without a word, is found out after 15 s, and what belongs to it stays until then.
 */
const QUIET_LOOKS = 30;

/** What ends the peace of a cluster that was brought to rest. */
const DISTURBANCES: readonly TimelineEventName[] = [
  'fault',
  'partition',
  'clog',
  'cut',
  'pause',
  'death',
  'wipe',
  'left-out',
  'lying-sync',
  'swizzle-stop',
];

/** The parts of a node whose numbers are nothing when it has nothing to do. */
const EMPTY_AT_REST: readonly { readonly part: string; readonly fields: readonly string[] }[] = [
  {
    part: 'kept',
    fields: [
      'awaitedAnswers',
      'watchedCalls',
      'routes',
      'locating',
      'cancellableRequests',
      'rejectedActors',
      'goneConnections',
    ],
  },
  { part: 'activations', fields: ['waiting', 'runQueue', 'turns.count'] },
];

/**
 * Looks whether anything is left when there is nothing to be done any more: what a node keeps for calls and turns is gone with the last
 * of them. A test that has brought its cluster to rest, and has not disturbed it since, is followed until it is quiet.
 */
export class RestCheck implements RunObserver {
  private isAtRest = false;

  private run: ObservedRun | undefined;

  /** @param work what is under way. */
  constructor(private readonly work: OpenWork) {}

  attach(run: ObservedRun): void {
    const { timeline } = run.engine;
    this.run = run;
    timeline.listen(() => (this.isAtRest = true), ['quiesce']);
    timeline.listen(() => (this.isAtRest = false), DISTURBANCES);
  }

  async findFault(): Promise<MoonpoolError | undefined> {
    const residue = this.run === undefined ? undefined : await this.findResidue(this.run);
    return residue === undefined
      ? undefined
      : brokenInvariant('nothing is left at rest', `nothing is under way, and there are ${residue}`);
  }

  /** What is left over; undefined when nothing is, or when there was always something under way. */
  private async findResidue(run: ObservedRun): Promise<string | undefined> {
    let left: readonly string[] | undefined;
    for (let look = 0, quiet = 0; this.isAtRest && look < LOOKS; look++) {
      if (this.work.isEmpty) {
        const found = run.processes.running().flatMap(residueOf);
        left = left === undefined ? found : left.filter((what) => found.includes(what));
        if (left.length === 0) return undefined;
        if (++quiet >= QUIET_LOOKS) return left.join(', ');
      }
      await run.sleep(LOOK_MS);
    }
    return undefined;
  }
}

function residueOf({ name, registry }: ObservedProcess): readonly string[] {
  return EMPTY_AT_REST.flatMap(({ part, fields }) => {
    const state = registry.read(part);
    return fields.flatMap((field) => {
      const count = state === undefined ? undefined : fieldOf(state, field.split('.'));
      return typeof count === 'number' && count > 0 ? [`${field} of ${name}`] : [];
    });
  });
}

function fieldOf(state: PlainState, [first = '', ...rest]: readonly string[]): PlainState | undefined {
  if (typeof state !== 'object' || state === null || Array.isArray(state)) return undefined;
  const value = (state as Readonly<Record<string, PlainState>>)[first];
  return rest.length === 0 || value === undefined ? value : fieldOf(value, rest);
}
