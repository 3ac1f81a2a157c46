/** Who may answer whom while nodes and clients of several versions of a class are one cluster. */
export type VersionPolicy = 'compatible' | 'strict';

/** What `@Actor` says of it. */
interface VersionOptions {
  readonly version?: number;
  readonly versionPolicy?: VersionPolicy;
}

/** The version of an actor class, as its process has it. */
export interface ClassVersion {
  /** From 1. */
  readonly number: number;
  /** Its callers and its actors have to do with the same version only. */
  readonly isStrict: boolean;
}

/** That of a class that says none; of one that is not strict either, nothing is kept. */
export const FIRST_CLASS_VERSION = 1;

/** The greatest version that a class may have: it travels in two bytes. */
export const MAX_CLASS_VERSION = 65_535;

/** That of the class; undefined for the first one of a class that is not strict, so that calls of most classes carry nothing. */
export function classVersionOf({ version, versionPolicy }: VersionOptions): ClassVersion | undefined {
  const number = version ?? FIRST_CLASS_VERSION;
  const hasOneVersion = versionPolicy === 'strict';
  return number === FIRST_CLASS_VERSION && !hasOneVersion ? undefined : { number, isStrict: hasOneVersion };
}

/**
 * Whether an activation may answer a call. `outdated`: it should give way to one of the caller's version, if there is a node for
 * it. `ahead`: it is newer than its caller, and one of the two is strict. One that is newer answers otherwise.
 */
export type VersionVerdict = 'answers' | 'outdated' | 'ahead';

/** @param own the version of the activation's class. @param asked that of the caller's. */
export function versionVerdict(own: ClassVersion | undefined, asked: ClassVersion | undefined): VersionVerdict {
  const [has, wants] = [numberOf(own), numberOf(asked)];
  if (has < wants) return 'outdated';
  return has > wants && (isStrict(own) || isStrict(asked)) ? 'ahead' : 'answers';
}

/** True when one of both asks for it. */
export function areStrict(own: ClassVersion | undefined, asked: ClassVersion | undefined): boolean {
  return isStrict(own) || isStrict(asked);
}

export function numberOf(version: ClassVersion | undefined): number {
  return version?.number ?? FIRST_CLASS_VERSION;
}

function isStrict(version: ClassVersion | undefined): boolean {
  return version?.isStrict === true;
}
