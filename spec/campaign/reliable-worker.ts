import { parentPort, workerData } from 'node:worker_threads';
import { ReliableScenario } from '../transport/reliable-scenario';

/** Which seeds of the scenario a thread runs. */
export interface ReliableShare {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** What a thread says of a seed that failed. */
export interface ReliableFailure {
  readonly seed: number;
  readonly reason: string;
}

async function main({ from, to, step }: ReliableShare): Promise<void> {
  for (let seed = from; seed <= to; seed += step) {
    const reason = await new ReliableScenario(seed).run().then(
      ({ violations }) => violations.slice(0, 3).join('; '),
      (error: unknown) => String(error),
    );
    if (reason !== '') parentPort?.postMessage({ seed, reason } satisfies ReliableFailure);
  }
}

void main(workerData as ReliableShare);
