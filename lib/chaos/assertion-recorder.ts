/** Facts that go with an assertion, for whoever reads that it does not hold. */
export type AssertionDetails = Readonly<Record<string, string | number | boolean | undefined>>;

/** Makes the details when they are wanted: an assertion that holds never asks. */
export type AssertionDetailsSource = () => AssertionDetails;

/**
 * What an assertion promises: that it holds whenever it is looked at, and is looked at (`always`), or not even that
 * (`always-or-unreachable`); that it holds in some run (`sometimes`, and `sometimes-each` for every one of its buckets); that
 * its line is reached in some run (`reachable`), or in none (`unreachable`).
 */
export type AssertionKind =
  | 'always'
  | 'always-or-unreachable'
  | 'sometimes'
  | 'sometimes-each'
  | 'reachable'
  | 'unreachable';

/** What a recorder knows of a site. */
export interface AssertionDescription {
  readonly name: string;
  readonly kind: AssertionKind;
  /** The parts or buckets that it should see, where it names them. */
  readonly buckets?: readonly string[] | undefined;
}

/** One look at an assertion. */
export interface AssertionObservation {
  readonly holds: boolean;
  /** How the value stands to its limit, of assertions that compare. More is safer; nothing or less is over the limit. */
  readonly margin?: number;
  readonly value?: number;
  readonly limit?: number;
  /** Which buckets were seen, or which parts were true. */
  readonly buckets?: readonly string[];
  readonly details?: AssertionDetailsSource | undefined;
}

/** Takes down what assertions see; a simulation has one for each run. */
export interface AssertionRecorder {
  observe(site: AssertionDescription, observation: AssertionObservation): void;
}

/**
 * Where the recorder of this thread stands. An assertion is declared when its file is loaded, long before there is a
 * run, and holds in whatever process the file is used: so this is a place of the module, not of a container.
 */
export const assertionStand: { recorder: AssertionRecorder | undefined } = { recorder: undefined };
