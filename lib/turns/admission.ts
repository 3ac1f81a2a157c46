import type { Request } from '../calls/request';
import { inCleanContext } from '../concurrency/clean-context';
import { promptAnswer } from '../concurrency/prompt-answer';
import type { TurnMode } from '../metadata/actor-descriptor';
import type { Reentrancy } from '../metadata/actor-record';

/**
 * Who may have a turn while others are under way. A turn that changes something has the actor to itself; turns that change
 * nothing may overlap each other; and those that interleave overlap all, and stand in nobody's way.
 */
export class Admission {
  private alone = 0;
  private readOnly = 0;
  private interleaved = 0;

  constructor(private readonly reentrant: Reentrancy) {}

  /** How many turns are under way. */
  get running(): number {
    return this.alone + this.readOnly + this.interleaved;
  }

  /** How the turn of the request goes with others. @param declared what its handler says. */
  modeOf(request: Request, declared: TurnMode): TurnMode {
    const { reentrant } = this;
    if (declared === 'interleaved' || reentrant === false) return declared;
    if (reentrant === 'call-chain') return this.isAwaited(request) ? 'interleaved' : declared;
    if (reentrant === true) return 'interleaved';
    // It is asked by whoever submits the request, and sees nothing of theirs.
    const answer = inCleanContext(reentrant, { method: request.method, args: request.args });
    return promptAnswer(answer, 'it') ? 'interleaved' : declared;
  }

  /** True when a turn of this actor waits for the request: unless that may overlap, both wait for ever. */
  isAwaited(request: Request): boolean {
    return this.running > 0 && request.chain.length > 0 && request.chain.includes(request.target.path);
  }

  /** True when a turn of this mode may begin now. */
  admits(mode: TurnMode): boolean {
    if (mode === 'interleaved') return true;
    return this.alone === 0 && (mode === 'read-only' || this.readOnly === 0);
  }

  enter(mode: TurnMode): void {
    this.count(mode, 1);
  }

  leave(mode: TurnMode): void {
    this.count(mode, -1);
  }

  private count(mode: TurnMode, step: 1 | -1): void {
    if (mode === 'alone') this.alone += step;
    else if (mode === 'read-only') this.readOnly += step;
    else this.interleaved += step;
  }
}
