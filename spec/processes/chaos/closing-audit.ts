import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActorRuntime } from 'moonpool';
import { WitnessCapture } from '../../../lib/simulation/workloads/witness-capture';
import { silent } from '../process-fleet';
import { List, Register } from './chaos-actors';
import { chaosParts, type ChaosSetting } from './chaos-setting';
import { HistoryFile } from './history-file';

/** Whoever reads last. */
export const AUDITOR = 'auditor';
/** For how long a key is asked for, and after what wait again, in milliseconds: nothing is wrong any more. */
const [PATIENCE_MS, PAUSE_MS] = [30_000, 100];
/** How many keys are read at a time. */
const READERS = 8;

export interface AuditOptions {
  /** For its history. */
  readonly folder: string;
  readonly setting: ChaosSetting;
  /** All that were used. */
  readonly keys: Iterable<string>;
}

/** What an audit has seen. */
export interface Audit {
  readonly historyFile: string;
  /** Keys that nobody answered for, though every fault was over. */
  readonly unanswered: readonly string[];
}

/** Reads every key once more when all faults are over: only what is read can be missed. */
export async function auditKeys({ folder, setting, keys }: AuditOptions): Promise<Audit> {
  const historyFile = join(folder, `${AUDITOR}.jsonl`);
  const witnesses = new WitnessCapture();
  const parts = chaosParts(AUDITOR, setting, witnesses);
  const runtime = await ActorRuntime.connect({ ...parts, modules: [...(parts.modules ?? []), silent] });
  const file = new HistoryFile(historyFile);
  const waiting = [...keys];
  const unanswered: string[] = [];
  const read = async (key: string): Promise<void> => {
    const type = key.startsWith('list-') ? List : Register;
    for (const end = performance.now() + PATIENCE_MS; performance.now() < end; await sleep(PAUSE_MS)) {
      const request = { client: AUDITOR, operation: 'read', key };
      const { isAnswered } = await file.record(request, () =>
        witnesses.run<unknown>(() => runtime.actor<List | Register>(type, key).$with({ timeoutMs: 5_000 }).read()),
      );
      if (isAnswered) return;
    }
    unanswered.push(key);
  };
  const reader = async (): Promise<void> => {
    for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) await read(key);
  };
  try {
    await Promise.all(Array.from({ length: READERS }, reader));
  } finally {
    await runtime.shutdown();
    file.close();
  }
  return { historyFile, unanswered };
}
