import { lstat, rename, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { MoonpoolError } from '../../errors/moonpool-error';

/** The length of `sun_path` less its closing zero; a longer path is cut off silently and names another file. */
const MAX_SOCKET_PATH_BYTES = process.platform === 'linux' ? 107 : 103;

/** @throws MoonpoolError CONNECTION_FAILED when the operating system would cut the path off. */
export function checkSocketPath(path: string): void {
  const length = Buffer.byteLength(path);
  if (length <= MAX_SOCKET_PATH_BYTES) return;
  throw new MoonpoolError('CONNECTION_FAILED', {
    message: `The path of the Unix socket ${path} has ${length} bytes; this system takes ${MAX_SOCKET_PATH_BYTES}`,
    remedy: 'Choose a shorter path.',
  });
}

/**
 * Removes the socket file of a process that ended without removing it. True when the path is free now; false when
 * somebody listens there, or when what lies there is no socket: then nothing was touched.
 */
export async function removeLeftOverSocket(path: string): Promise<boolean> {
  const found = await identityOf(path);
  if (found === undefined || (await somebodyListens(path))) return false;
  // Another process may replace the socket by its own between our look and our step. So it is first put aside, and put
  // back when it turns out not to be the one that we looked at.
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return true;
  }
  if ((await identityOf(aside)) === found) {
    await rm(aside, { force: true });
    return true;
  }
  await rename(aside, path);
  return false;
}

/** What tells one socket file from another at the same path; undefined for what is no socket. */
async function identityOf(path: string): Promise<string | undefined> {
  const facts = await lstat(path, { bigint: true }).catch(() => undefined);
  return facts?.isSocket() === true ? `${facts.dev}:${facts.ino}:${facts.mtimeNs}` : undefined;
}

/** Only a refusal proves that nobody listens: whoever is too busy to accept, or is another user's, is alive. */
function somebodyListens(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ path });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code !== 'ECONNREFUSED' && code !== 'ENOENT'));
  });
}
