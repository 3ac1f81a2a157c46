import { startChild, type Child } from '../processes/child';
import type { Offered } from '../processes/caller';
import type { Outcomes } from '../rooms/offered-load';
import type { Contestant, Scenario } from '../scenario';
import { ScratchFolder } from '../scratch-folder';

const CALLERS = 128;
/** How long the most that can be done is measured, and how long more is offered, in milliseconds. */
const PEAK_MS = 2_000;
const OFFER_MS = 5_000;
/** How long it is measured what offering takes by itself, in milliseconds. */
const OFFERING_MS = 1_000;
/** How long after it a node may take until all is as before. */
const NORMAL_LIMIT_MS = 20_000;
/** What is offered then, as a part of what can be done. */
const NORMAL_SHARE = 0.3;

/** What the calls of a scenario do, and to how many actors. */
interface Work {
  readonly name: string;
  readonly what: string;
  /** As the caller's process is told. */
  readonly call: string;
  readonly actors: number;
}

export const COMPUTING: Work = {
  name: 'computing',
  what: 'turns of 50 us on 200 actors',
  call: 'compute-50',
  actors: 200,
};
export const WAITING: Work = { name: 'hot', what: 'turns that wait for 1 ms on one actor', call: 'wait-1', actors: 1 };
export const DURABLE: Work = {
  name: 'durable',
  what: 'turns that persist on 200 actors',
  call: 'durable',
  actors: 200,
};
export const HOT_DURABLE: Work = {
  name: 'hot-durable',
  what: 'turns that persist on one actor',
  call: 'durable',
  actors: 1,
};

/** A node and a caller, each in its process. Both sides of a scenario share them, for both must meet the same machine. */
class Station {
  /** What the node could do when it was measured last, in calls a second. */
  peak = Number.NaN;
  private constructor(
    readonly caller: Child,
    private readonly node: Child,
    private readonly folder: ScratchFolder,
  ) {}

  static async open({ call, actors }: Work): Promise<Station> {
    const folder = new ScratchFolder();
    const database = folder.file('bench.db');
    const node = await startChild('other-side', 'node', database);
    return new Station(await startChild('caller', call, String(actors), database), node, folder);
  }

  async measurePeak(): Promise<number> {
    const { answered, tookMs } = (await this.caller.ask({
      kind: 'closed',
      callers: CALLERS,
      forMs: PEAK_MS,
    })) as Outcomes;
    this.peak = (answered / tookMs) * 1_000;
    return this.peak;
  }

  /** Offers calls to the node at the rate. @returns what became of them, and how many processors the node has used meanwhile. */
  async offer(perSecond: number): Promise<Offered & { readonly nodeCores: number }> {
    const before = (await this.node.ask({})) as number;
    const offered = (await this.caller.ask({ kind: 'open', perSecond, forMs: OFFER_MS })) as Offered;
    const nodeMs = ((await this.node.ask({})) as number) - before;
    return { ...offered, nodeCores: nodeMs / offered.tookMs };
  }

  /** How many processors it takes to offer calls at the rate that are never made. */
  async costOfOffering(perSecond: number): Promise<number> {
    return ((await this.caller.ask({ kind: 'nothing', perSecond, forMs: OFFERING_MS })) as Offered).cores;
  }

  async close(): Promise<void> {
    await this.caller.close();
    await this.node.close();
    this.folder.remove();
  }
}

/**
 * Calls of one client at a rate that does not ask whether they are answered: so many times what the node can do. Each may take a
 * second; what counts is how many are answered by then, compared with the most that is answered when no more is asked.
 */
export function overload(work: Work, factor: number, target?: number): Scenario {
  let station: Promise<Station> | undefined;
  const notes: Record<string, number> = {};
  const shared = (): Promise<Station> => (station ??= Station.open(work));
  return {
    name: `overload-${work.name}-${factor}x`,
    what: `${work.what}, offered ${factor} times as often as the node can do`,
    unit: 'answers in time/s',
    ...(target === undefined ? {} : { target }),
    notes: () => notes,
    async open(): Promise<Contestant> {
      const { caller } = await shared();
      return {
        async run(): Promise<number> {
          const { peak } = await shared();
          const perSecond = Number.isNaN(peak) ? await (await shared()).measurePeak() : peak;
          const offered = await (await shared()).offer(perSecond * factor);
          const { answered, tookMs, medianMs, failed } = offered;
          const normalMs = (await caller.ask({
            kind: 'normal',
            perSecond: perSecond * NORMAL_SHARE,
            forMs: NORMAL_LIMIT_MS,
          })) as number;
          Object.assign(notes, {
            'normal after ms': normalMs,
            'p50 ms': medianMs,
            refused: failed['NODE_OVERLOADED/no'] ?? 0,
            'in doubt': failed['CALL_TIMEOUT/maybe'] ?? 0,
            'node cores': inHundredths(offered.nodeCores),
            'caller cores': inHundredths(offered.cores),
            'of it for offering': inHundredths(await (await shared()).costOfOffering(perSecond * factor)),
          });
          return (answered / tookMs) * 1_000;
        },
        async close(): Promise<void> {
          await (await shared()).close();
          station = undefined;
        },
      };
    },
    baseline: {
      name: `${CALLERS} callers that wait`,
      async open(): Promise<Contestant> {
        const opened = await shared();
        return { run: () => opened.measurePeak() };
      },
    },
  };
}

function inHundredths(cores: number): number {
  return Math.round(cores * 100) / 100;
}
