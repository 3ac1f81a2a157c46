import { isMoonpoolError } from 'moonpool';
import type { SimulatedCluster } from 'moonpool/simulation';

/** Calls until it is answered: only for what may be done again. */
export async function untilAnswered<T>(cluster: SimulatedCluster, call: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await call();
    } catch (error) {
      if (!isMoonpoolError(error)) throw error;
      await cluster.sleep(100);
    }
  }
}
