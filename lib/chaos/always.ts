import { describeValue } from '../errors/describe-value';
import { assertionStand, type AssertionDetailsSource } from './assertion-recorder';
import { AssertionSite } from './assertion-site';

/** A condition that holds whenever it is looked at. */
export class AlwaysSite extends AssertionSite {
  /**
   * Looks at the condition. When it does not hold, the simulated run fails at once; nothing is thrown into the code, so that
   * no catch block can hide it. What is neither true nor false, such as a promise of it, does not hold. Outside of a simulation
   * nothing happens.
   */
  check(condition: boolean, details?: AssertionDetailsSource): void {
    const { recorder } = assertionStand;
    if (recorder === undefined) return;
    if (typeof condition === 'boolean') recorder.observe(this, { holds: condition, details });
    else
      recorder.observe(this, {
        holds: false,
        details: () => ({ ...details?.(), condition: describeValue(condition) }),
      });
  }
}

/** Declares a condition that must hold whenever it is looked at, and that some run must look at. */
export function always(name: string): AlwaysSite {
  return new AlwaysSite(name, 'always');
}

/** Declares a condition that must hold whenever it is looked at; no run need ever get there. */
export function alwaysOrUnreachable(name: string): AlwaysSite {
  return new AlwaysSite(name, 'always-or-unreachable');
}
