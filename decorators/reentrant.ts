import type { Reentrancy } from '../lib/metadata/actor-record';
import { refuseBare, requireExperimentalDecorators } from '../lib/metadata/decorator-style';
import { noteReentrancy } from '../lib/metadata/metadata-store';

/**
 * Marks a class of actors whose turns may overlap: while one awaits something, others begin. What it read before an
 * `await` may then have changed after it.
 * @param reentrancy which calls may overlap a turn. Default: all. `call-chain`: only those that come back by way of the
 * turn that waits for them, which would otherwise be refused with CALL_DEADLOCK. A predicate: those for which it is true.
 */
export function Reentrant(reentrancy: Reentrancy = true): ClassDecorator {
  refuseBare('@Reentrant', 'class', arguments);
  return (type, ...context: readonly unknown[]) => {
    requireExperimentalDecorators('@Reentrant', context[0]);
    noteReentrancy(type, reentrancy);
  };
}
