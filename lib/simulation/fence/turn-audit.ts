import { AsyncLocalStorage } from 'node:async_hooks';
import { StateCell } from '../../persistence/state-cell';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { TimelineEvent } from '../engine/timeline';
import type { Fence } from './fence';
import { callerFrames, ownerOf } from './user-place';

interface Turn {
  readonly actor: string;
  readonly method: string;
  hasEnded: boolean;
}

/** Code of an actor that rightly runs outside of turns. */
const HOOKS: ReadonlySet<string> = new Set(['onActivate', 'onDeactivate']);

/**
 * Finds promises that outlive the turn which began them and then act: call an actor, persist state, ask a provider for
 * time. By then another turn may be under way, and the actor has lost its protection against itself. Knowing to which turn
 * a promise belongs costs nearly half of the speed, so this is for one run of a test, not for all.
 */
export class TurnAudit {
  private readonly present = new AsyncLocalStorage<Turn | undefined>();
  private readonly turns = new Map<string, Turn>();
  private readonly persist = StateCell.prototype.persist;

  /** Begins to look. Call {@link stop} when the run has ended. */
  constructor(
    engine: SimulationEngine,
    private readonly fence: Fence,
  ) {
    engine.timeline.listen((event) => this.follow(event));
    // All events of a run happen in one turn of the event loop, so what one has entered would still hold in the next.
    engine.afterEachEvent(() => this.present.enterWith(undefined));
    const schedule = engine.schedule.bind(engine);
    engine.schedule = (...event) => {
      this.act('a provider was used');
      return schedule(...event);
    };
    // The write itself comes later, when nobody can tell any more who asked for it.
    const { persist } = this;
    const onPersist = (): void => this.act('state was persisted');
    StateCell.prototype.persist = function (this: StateCell): Promise<void> {
      onPersist();
      return persist.call(this);
    };
  }

  stop(): void {
    StateCell.prototype.persist = this.persist;
    this.present.disable();
  }

  private follow({ name, fields }: TimelineEvent): void {
    const key = `${String(fields['activation'])} ${String(fields['turn'])}`;
    if (name === 'turn-start') {
      const turn = { actor: String(fields['actor']), method: String(fields['method']), hasEnded: false };
      this.turns.set(key, turn);
      this.present.enterWith(turn);
    } else if (name === 'turn-end') {
      const turn = this.turns.get(key);
      // A turn that failed may leave others of its promises behind, as Promise.all does.
      if (turn !== undefined) turn.hasEnded = fields['outcome'] === 'ok';
      this.turns.delete(key);
    } else if (name === 'call') {
      this.act(`${String(fields['actor'])} was called`);
    }
  }

  private act(what: string): void {
    const turn = this.present.getStore();
    if (turn?.hasEnded !== true) return;
    const frames = callerFrames();
    const user = frames.find((frame) => ownerOf(frame) === 'user');
    if (user === undefined || frames.some(({ name }) => HOOKS.has(name.split('.').at(-1) ?? ''))) return;
    const name = `A promise of the turn ${turn.method} of ${turn.actor}`;
    this.fence.note({ name, kind: 'unawaited', remedy: `${what} after the turn had ended; await the promise before the handler returns, or use $send` }, user, undefined);
  }
}
