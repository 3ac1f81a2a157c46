import type { CoverageEntries } from '../coverage/coverage';
import type { ObservedRun, RunObserver } from '../observation/run-observer';

/** Something that a run saw, and after how many of its events it saw it first. */
export type Discovery = readonly [what: string, atEvent: number];

/**
 * Takes down what a run comes across: every assertion that held, and which event of the timeline followed which on
 * a node. Runs that see what none saw before are worth going on from.
 */
export class DiscoveryWatch implements RunObserver {
  private readonly firstSeen = new Map<string, number>();
  private readonly lastOnNode = new Map<string, string>();

  attach({ engine }: ObservedRun): void {
    engine.timeline.listen(({ node, name, fields }) => {
      const kind = name === 'fault' ? `fault ${siteOf(String(fields['name']))}` : name;
      const what = `${this.lastOnNode.get(node) ?? 'nothing'} > ${kind}`;
      this.lastOnNode.set(node, kind);
      if (!this.firstSeen.has(what)) this.firstSeen.set(what, engine.events);
    });
  }

  discoveries(coverage: CoverageEntries): readonly Discovery[] {
    const fired = coverage.flatMap(([name, { kind, firstAt, buckets = [] }]): Discovery[] => [
      ...(firstAt === undefined ? [] : [[`${kind} ${name}`, firstAt] as const]),
      ...buckets.flatMap(([bucket, , at]): Discovery[] =>
        at === undefined ? [] : [[`${kind} ${name}: ${bucket}`, at]],
      ),
    ]);
    return [...fired, ...this.firstSeen];
  }
}

/** The site of a fault: the first word of its name. */
function siteOf(fault: string): string {
  return fault.split(' ', 1)[0] as string;
}
