import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Contestant, Scenario } from '../scenario';

/** How long a process takes from its start to its first answered call and its end. */
export function start(target: number): Scenario {
  return {
    name: 'start',
    what: 'a process that starts one node, answers one call and ends',
    unit: 'ms',
    lessIsBetter: true,
    target,
    open: () => processes(join(__dirname, '..', 'processes', 'first-answer.js')),
    baseline: { name: 'node -e 0', open: () => processes('-e', '0') },
  };
}

async function processes(...args: readonly string[]): Promise<Contestant> {
  return {
    async run(): Promise<number> {
      const startedAt = performance.now();
      const [code] = (await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit')) as [number | null];
      if (code !== 0) throw new Error(`node ${args.join(' ')} ended with code ${code}`);
      return performance.now() - startedAt;
    },
  };
}
