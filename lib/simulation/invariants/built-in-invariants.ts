import { ADeadlockHasACircle } from './calls/a-deadlock-has-a-circle';
import { AFenceHasAClaim } from './ownership/a-fence-has-a-claim';
import { AcknowledgedIsDurable } from './ownership/acknowledged-is-durable';
import { Correlation } from './calls/correlation';
import { Deadlines } from './calls/deadlines';
import { DirectoryAgreement } from './activations/directory-agreement';
import type { HistoryInvariant } from './history/history-invariant';
import { LeasesAndDeaths } from './ownership/leases-and-deaths';
import { NoSilentDeadlock } from './calls/no-silent-deadlock';
import { NoStaleWrite } from './ownership/no-stale-write';
import { OneEffectForEachKey } from './ownership/one-effect-for-each-key';
import { OneOwnerOfARange } from './activations/one-owner-of-a-range';
import { OneTurnAtATime } from './activations/one-turn-at-a-time';
import { OrderOfAPair } from './calls/order-of-a-pair';
import { SingleActivation, type LeaseLook } from './activations/single-activation';
import { StaleLocationsAreLearnt } from './calls/stale-locations-are-learnt';
import { TimersKeepTheirRate } from './activations/timers-keep-their-rate';
import { TimersKeepToTheirActivation } from './activations/timers-keep-to-their-activation';

/**
 * The properties that the history of every cluster must have, whatever the application.
 * @param holdsLease looks into the running nodes. @param leaseTtlMs how long leases last.
 */
export function builtInInvariants(holdsLease: LeaseLook, leaseTtlMs: number): readonly HistoryInvariant[] {
  return [
    new OneTurnAtATime(),
    new SingleActivation(holdsLease),
    new DirectoryAgreement(holdsLease),
    new OneOwnerOfARange(holdsLease),
    new NoStaleWrite(),
    new AcknowledgedIsDurable(),
    new OneEffectForEachKey(),
    new Correlation(),
    new Deadlines(),
    new OrderOfAPair(),
    new NoSilentDeadlock(),
    new ADeadlockHasACircle(),
    new AFenceHasAClaim(),
    new LeasesAndDeaths(holdsLease, leaseTtlMs),
    new StaleLocationsAreLearnt(),
    new TimersKeepToTheirActivation(),
    new TimersKeepTheirRate(),
  ];
}
