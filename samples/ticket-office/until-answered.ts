import { isMoonpoolError } from 'moonpool';
import type { SimulatedCluster } from 'moonpool/simulation';

/** Asks again until there is an answer: right for what may be repeated, and only for that. */
export async function untilAnswered<T>(cluster: SimulatedCluster, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!isMoonpoolError(error)) throw error;
      cluster.sometimes('an order is repeated', true);
      await cluster.sleep(100);
    }
  }
}
