import { resolve } from 'node:path';
import { describeMember } from '../../cluster/fencing';
import type { Member } from '../../cluster/membership-store';
import type { Logger } from '../../observability/logger';
import type { ProcessIdentity } from '../../providers/host-provider';
import { fileOf, type SqlitePart } from './sqlite-files';
import { endProcess, holdersOf, standsStill } from '../../providers/node/file-locks';

/** What freeing locks needs. */
export interface SqliteLockGuardParts {
  /** The file of the states. */
  readonly file: string;
  /** The process of this node. */
  readonly own: ProcessIdentity;
  readonly logger: Logger;
}

/**
 * Frees what processes that stand still hold of the database. One that was stopped in the middle of a transaction holds the lock of its file for
 * as long as it stands still, and nobody can take it away but the kernel, at the end of the process. So that process is ended: when the cluster
 * has declared its node dead, for it must do nothing more then; and at once when it is the lock by which all others renew their leases, for
 * otherwise they would all end in its place.
 */
export class SqliteLockGuard {
  private readonly parts: SqliteLockGuardParts;

  constructor(parts: SqliteLockGuardParts) {
    this.parts = { ...parts, file: resolve(parts.file) };
  }

  /** Ends the process of the dead member if it is one of this machine, stands still, and holds a lock. */
  bury(member: Member): void {
    const { own, logger, file } = this.parts;
    const { origin } = member;
    const isOfThisMachine =
      origin !== undefined && origin.machine !== '' && origin.machine === own.machine && origin.pid !== own.pid;
    if (!isOfThisMachine || !standsStill(origin.pid, origin.startedAt)) return;
    if (!holdersOf([...locksOf(file, 'states'), ...locksOf(file, 'members')]).includes(origin.pid)) return;
    logger.warn(
      'the process of a dead node stands still and holds the lock of the database: it is ended, so that others can write',
      { node: describeMember(member), pid: origin.pid },
    );
    endProcess(origin.pid);
  }

  /** Ends a process that stands still and holds the lock of the members, which is never held for longer than a moment. True when there was one. */
  freeMembers(): boolean {
    const { logger, file } = this.parts;
    const holders = holdersOf(locksOf(file, 'members')).filter((pid) => standsStill(pid));
    for (const pid of holders) {
      logger.warn('a process stands still and holds the lock by which all nodes renew their leases: it is ended', {
        pid,
        file: fileOf(file, 'members'),
      });
      endProcess(pid);
    }
    return holders.length > 0;
  }
}

/** In WAL mode the locks lie on the index beside the file; when it is opened and closed, on the file itself. */
function locksOf(statesFile: string, part: SqlitePart): readonly string[] {
  const file = fileOf(statesFile, part);
  return [file, `${file}-shm`];
}
