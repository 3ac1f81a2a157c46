/** What code of a test does that a seed cannot decide. */
export type AccessKind =
  /** Asks a clock, sets a timer or draws a random number: answered by the simulated world. */
  | 'answered'
  /** Reads what differs from machine to machine: answered as it is. */
  | 'read'
  /** Reaches outside of the process, or for something that no seed decides: refused. */
  | 'refused'
  /** Was begun by a function taken before the run, and is still under way when the run ends. */
  | 'left-open'
  /** Goes on after the turn that began it has ended. */
  | 'unawaited';

/** A function of the surrounding world as the fence knows it. */
export interface AmbientFunction {
  /** As a reader knows it: `Math.random`. */
  readonly name: string;
  readonly kind: AccessKind;
  /** What to use in its place. */
  readonly remedy: string;
}

/** Something that the fence has found. Plain data. */
export interface AmbientAccess extends AmbientFunction {
  /** Where in the user's source: `file:line:column`; undefined when nobody could tell. */
  readonly place: string | undefined;
  /** The package whose code it was, when the user's code called it. */
  readonly through: string | undefined;
  /** In whose process it happened, as `node1.1`; `the test` for the test itself. */
  readonly node: string;
  /** Milliseconds of virtual time when it was found first. */
  readonly at: number;
  /** How often it happened there. */
  readonly count: number;
}

/** A finding as one readable line. */
export function formatAccess({ name, kind, place, through, node, at, count, remedy }: AmbientAccess): string {
  const where = place === undefined ? 'at a place that is not known' : `at ${place}`;
  const by = through === undefined ? '' : ` through the package ${through}`;
  const often = count === 1 ? '' : `, ${count} times`;
  return `${name} ${VERBS[kind]} ${where}${by} by ${node} at ${(at / 1_000).toFixed(6)}s${often}: ${remedy}`;
}

const VERBS: Readonly<Record<AccessKind, string>> = {
  answered: 'was called',
  read: 'was read',
  refused: 'was refused',
  'left-open': 'was begun and left open',
  unawaited: 'went on unawaited',
};
