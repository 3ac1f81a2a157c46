import { createHash } from 'node:crypto';
/** The length of the number of a session. */
export const SESSION_BYTES = 16;

/** How many letters of a mark are used: 64 bits, which nobody meets by trying in the life of a process. */
const MARK_LETTERS = 16;

/**
 * A number that nobody can guess, drawn once in the life of a process. It goes with each greeting, so that whoever is talked to
 * can tell this process from another that calls itself the same: names and incarnations are known to many.
 */
export function drawSession(random: { uint32(): number }): Buffer {
  const session = Buffer.alloc(SESSION_BYTES);
  for (let at = 0; at < SESSION_BYTES; at += 4) session.writeUInt32LE(random.uint32(), at);
  return session;
}

/**
 * What anybody may know about the process of a session, and leads to it alone: who knows the mark still cannot greet with
 * the session that it is of.
 */
export function markOf(session: Uint8Array): string {
  return createHash('sha256').update(session).digest('hex').slice(0, MARK_LETTERS);
}
