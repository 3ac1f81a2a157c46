import type { RandomProvider } from '../../../providers/random-provider';
import type { Timer } from '../../../providers/time-provider';
import { eventKind } from '../../timeline/event-queue';
import type { NodeLife } from '../../timeline/node-life';
import type { SimulationEngine } from '../../engine/simulation-engine';
import { SimulatedClock } from '../../providers/simulated-clock';
import { Xoshiro128 } from '../../random/xoshiro128';

const AMBIENT_TIMER = eventKind('ambient-timer');
const EXACT = { monotonicOffsetMs: 0, rate: 1, wallOffsetMs: 0 };

/**
 * What the simulated world answers where code asks the surrounding one: the clocks of the machine in whose event the code
 * runs, timers that die with its process, random numbers that the seed decides. The test itself has exact clocks.
 */
export class AmbientWorld {
  private readonly exact: SimulatedClock;
  private readonly streams = new Map<NodeLife | undefined, Xoshiro128>();

  /** @param clocks the clocks of the machines, by name. */
  constructor(
    private readonly engine: SimulationEngine,
    private readonly clocks: ReadonlyMap<string, SimulatedClock>,
  ) {
    this.exact = new SimulatedClock(engine, EXACT);
  }

  wallMs(): number {
    return this.clock().wallClock();
  }

  monotonicMs(): number {
    return this.clock().now();
  }

  /** The name of the machine in whose event the code runs. */
  get machineName(): string {
    return this.engine.currentLife?.machine ?? 'test';
  }

  get random(): RandomProvider {
    const life = this.engine.currentLife;
    let stream = this.streams.get(life);
    if (stream === undefined) {
      stream = new Xoshiro128(this.engine.rolls.word('ambient', life?.toString() ?? ''));
      this.streams.set(life, stream);
    }
    return stream;
  }

  schedule(delayMs: number, callback: () => void): Timer {
    const event = this.engine.schedule(
      this.clock().virtualDelay(delayMs),
      AMBIENT_TIMER,
      this.engine.currentLife,
      callback,
    );
    return { cancel: () => this.engine.cancel(event) };
  }

  private clock(): SimulatedClock {
    const life = this.engine.currentLife;
    return (life === undefined ? undefined : this.clocks.get(life.machine)) ?? this.exact;
  }
}
