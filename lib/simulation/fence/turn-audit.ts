import { AsyncLocalStorage } from 'node:async_hooks';
import type { EventFields } from '../../observability/event-log';
import type { ObservedRun, RunObserver } from '../observation/run-observer';
import type { TurnObserver } from '../timeline/turn-observer';
import type { Fence } from './fence';
import { callerFrames, placeInSource, type Frame } from '../trace/user-place';

interface Turn {
  readonly actor: string;
  readonly method: string;
  /** The stacks, of the user's code alone, with which it acted while it was in progress. */
  readonly stacks: (readonly Frame[])[];
  hasEnded: boolean;
}

/** How many stacks of a turn are kept. */
const STACKS_KEPT = 100;

/**
 * Finds promises that outlive the turn which began them and then act: call an actor, persist state, ask a provider for
 * time. By then another turn may be under way, and the actor has lost its protection against itself. Knowing to which turn
 * a promise belongs costs nearly half of the speed, so this is for one run of a test, not for all.
 */
export class TurnAudit implements TurnObserver, RunObserver {
  private readonly present = new AsyncLocalStorage<Turn | undefined>();
  private readonly turns = new Map<string, Turn>();

  /** @param fence which reports what is found. */
  constructor(private readonly fence: Fence) {}

  /** Looks at all lives that begin from now on. */
  attach({ engine }: ObservedRun): void {
    engine.observesTurns(this);
  }

  detach(): void {
    this.present.disable();
  }

  within<T>(fields: EventFields | undefined, code: () => T): T {
    if (fields === undefined) return this.present.run(undefined, code);
    const turn: Turn = {
      actor: String(fields['actor']),
      method: String(fields['method']),
      stacks: [],
      hasEnded: false,
    };
    this.turns.set(keyOf(fields), turn);
    // Only for this code: a turn of another actor may run inside of it, when a call stays on the node.
    return this.present.run(turn, code);
  }

  ended(fields: EventFields): void {
    const turn = this.turns.get(keyOf(fields));
    // A turn that failed may leave others of its promises behind, as Promise.all does.
    if (turn !== undefined) turn.hasEnded = fields['outcome'] === 'ok';
    this.turns.delete(keyOf(fields));
  }

  reached(): void {
    const turn = this.present.getStore();
    if (turn === undefined) return;
    // What the runtime does in the wake of a turn has no code of the user on its stack.
    const frames = callerFrames('user');
    const [user] = frames;
    if (user === undefined) return;
    if (turn.hasEnded) this.report(turn, user);
    else if (turn.stacks.length < STACKS_KEPT) turn.stacks.push(frames);
  }

  private report(turn: Turn, user: Frame): void {
    const maker = makerOf(user, turn);
    const made = maker === undefined ? '' : `; it was made at ${placeInSource(maker)}`;
    const remedy = `it acted after the turn had ended; await the promise before the handler returns, hand the work to TaskProvider.spawn(), or use $send${made}`;
    this.fence.note(
      { name: `A promise of the turn ${turn.method} of ${turn.actor}`, kind: 'unawaited', remedy },
      user,
      undefined,
    );
  }
}

function keyOf(fields: EventFields): string {
  return `${String(fields['activation'])} ${String(fields['turn'])}`;
}

/** Before its first wait the function stood on the stack of the turn: who called it then did not await it. */
function makerOf(user: Frame, { stacks }: Turn): Frame | undefined {
  for (const frames of stacks) {
    const index = frames.findIndex(({ file, name }) => file === user.file && name === user.name);
    const below = index < 0 ? undefined : frames[index + 1];
    if (below !== undefined) return below;
  }
  return undefined;
}
