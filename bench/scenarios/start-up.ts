import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Scenario } from '../measurement';

/** From the start of a process to its first answered call, beside a process that does nothing. */
export async function startUp(): Promise<{ readonly scenarios: readonly Scenario[]; close(): Promise<void> }> {
  const startsPerSecond = (...args: readonly string[]): Promise<number> => {
    const startedAt = performance.now();
    spawnSync(process.execPath, args);
    return Promise.resolve(1_000 / (performance.now() - startedAt));
  };
  const scenarios: Scenario[] = [
    {
      name: 'start, one node to its first answer',
      unit: 'starts/s',
      target: 0.5,
      subject: () => startsPerSecond(join(__dirname, '..', 'processes', 'first-answer.js')),
      baseline: () => startsPerSecond('-e', '0'),
    },
  ];
  return { scenarios, close: () => Promise.resolve() };
}
