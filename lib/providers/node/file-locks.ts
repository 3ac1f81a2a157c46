import { readFileSync, statSync } from 'node:fs';
import { processStatus } from './node-host-provider';

/** A process that stands still, by a stop signal: it does nothing until another signal comes. */
const STANDING_STILL = 'T';

/**
 * The processes that hold an exclusive lock of POSIX on one of the files: as Linux tells them in `/proc/locks`, empty elsewhere.
 * Each file is known there by its inode alone, for the number of its device is told differently by some file systems.
 */
export function holdersOf(files: readonly string[]): readonly number[] {
  const inodes = new Set(
    files.flatMap((file) => statSync(file, { bigint: true, throwIfNoEntry: false })?.ino.toString() ?? []),
  );
  const holders = new Set<number>();
  for (const line of allLocks()) {
    // `3: POSIX  ADVISORY  WRITE 4711 08:01:131 120 120`; one that waits has an arrow behind its number, and holds nothing.
    const match = /^\d+: POSIX\s+\S+\s+WRITE\s+(\d+)\s+\S+:(\d+)\s/.exec(line);
    if (match !== null && inodes.has(match[2] as string)) holders.add(Number(match[1]));
  }
  return [...holders];
}

/** True when there is such a process and it stands still. @param startedAt when it must have started, if another one could have its number by now. */
export function standsStill(pid: number, startedAt?: string): boolean {
  const status = processStatus(pid);
  if (status === undefined || (startedAt !== undefined && status.startedAt !== startedAt)) return false;
  return status.state === STANDING_STILL;
}

/** Ends a process at once, and so frees what it held. @throws when this process may not. */
export function endProcess(pid: number): void {
  process.kill(pid, 'SIGKILL');
}

function allLocks(): readonly string[] {
  try {
    return readFileSync('/proc/locks', 'latin1').split('\n');
  } catch {
    return [];
  }
}
