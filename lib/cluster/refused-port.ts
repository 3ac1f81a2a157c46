import { Deferred } from '../concurrency/deferred';
import { isMoonpoolError } from '../errors/moonpool-error';
import { parseAddress, type NetworkAddress } from '../identity/network-address';
import type { Connection, NetworkProvider } from '../providers/network-provider';
import type { TimeProvider } from '../providers/time-provider';

/** How long an attempt to connect is waited for, in milliseconds: a refusal takes one round trip. */
const ANSWER_LIMIT_MS = 1_000;

/**
 * True when the machine of the address answers that nobody listens there. A node listens from before it joins until after it has given up its lease, also while it stands still. False
 * when somebody accepts, and when there is no answer: a machine that is cut off says nothing.
 */
export async function refusesConnections(
  address: string,
  network: NetworkProvider,
  time: TimeProvider,
): Promise<boolean> {
  const target = targetOf(address);
  if (target === undefined) return false;
  const answer = new Deferred<boolean>();
  const limit = time.schedule(ANSWER_LIMIT_MS, () => answer.resolve(false));
  network.connect(target).then(
    (connection) => {
      hangUp(connection);
      answer.resolve(false);
    },
    (error: unknown) => answer.resolve(isMoonpoolError(error, 'CONNECTION_REFUSED')),
  );
  const isRefused = await answer.promise;
  limit.cancel();
  return isRefused;
}

/** Undefined where no refusal proves anything. */
function targetOf(address: string): NetworkAddress | undefined {
  let target: NetworkAddress;
  try {
    target = parseAddress(address);
  } catch {
    // It is in the store, and perhaps of a later release: that is no reason for this process to end.
    return undefined;
  }
  // The file of a Unix socket may be removed while a process listens to it.
  return target.kind === 'unix' ? undefined : target;
}

/** Nothing was to be said. */
function hangUp(connection: Connection): void {
  connection.start({ onData: () => undefined, onClose: () => undefined });
  connection.destroy();
}
