/** Whom a member does not reach, as it says with a renewal of its lease: incarnations. */
export interface ReachReport {
  /** Those who have not answered for as long as `lease.isolationMs`. */
  readonly unreached: readonly number[];
  /** Those who have not answered for half as long, the others among them: perhaps they will not have either. */
  readonly doubted: readonly number[];
}

export const REACHES_ALL: ReachReport = { unreached: [], doubted: [] };

/** The report as a store may keep it: incarnations with commas between them. */
export function formatReach({ unreached, doubted }: ReachReport): string {
  return `${unreached.join()};${doubted.join()}`;
}

/** What {@link formatReach} has written. What something else has put there says of nobody that it is out of reach. */
export function parseReach(text: string): ReachReport {
  const [unreached = '', doubted = ''] = text.split(';');
  return { unreached: incarnationsIn(unreached), doubted: incarnationsIn(doubted) };
}

function incarnationsIn(text: string): readonly number[] {
  const incarnations = text.split(',').map(Number);
  return incarnations.filter((incarnation) => Number.isSafeInteger(incarnation) && incarnation > 0);
}
