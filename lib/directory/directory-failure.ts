import type { Member } from '../cluster/membership-store';
import { MoonpoolError, type Executed } from '../errors/moonpool-error';
import { formatNodeId } from '../identity/node-id';
import { DIRECTORY_OPERATIONS } from './actor-directory';
import type { DirectoryOperation } from './directory-requests';

/** How an operation that was given up has fared. */
export interface FailedOperation {
  readonly operation: DirectoryOperation;
  /** Whom the actor's range belongs to; undefined while the cluster has no node. */
  readonly owner: Member | undefined;
  /** A clause about the owner. */
  readonly why: string;
  readonly afterMs: number;
  readonly executed: Executed;
  readonly cause?: unknown;
}

/** The owner of the actor's range did not answer in time. */
export function directoryUnavailable(failed: FailedOperation): MoonpoolError {
  const { operation, owner, why, afterMs, executed, cause } = failed;
  const { does } = DIRECTORY_OPERATIONS[operation.does];
  const whose = owner === undefined ? 'no node' : `${formatNodeId(owner)} at ${owner.address}`;
  return new MoonpoolError('STORAGE_UNAVAILABLE', {
    message: `The directory could not ${does}, ${operation.actor}, within ${Math.round(afterMs)} ms: its range belongs to ${whose}, which ${why}`,
    executed,
    remedy:
      'Look whether that node runs and can be reached; when it is dead, others take its ranges over by themselves.',
    cause,
  });
}
