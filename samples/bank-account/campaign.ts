import { runSimulation } from 'moonpool/simulation';
import { BankSimulation } from './bank-simulation';

/** Many seeds of the bank's simulation, without a test runner: `npm run simulate:bank -- 1000` or `-- 500-600`. */
async function main(): Promise<void> {
  const [, , asked = '1000'] = process.argv;
  const [from = 1, to = 1_000] = asked.includes('-') ? asked.split('-').map(Number) : [1, Number(asked)];
  let done = 0;
  const report = await runSimulation(BankSimulation, {
    seeds: { from, to },
    replayCommand: (seed) => `MOONPOOL_SEED=${seed} npx mocha -g transfersConserveMoney`,
    onSeed: ({ seed, error }) => {
      done++;
      if (error !== undefined)
        process.stdout.write(`seed ${seed} failed: ${error instanceof Error ? error.message : String(error)}\n`);
      else if (done % 100 === 0) process.stdout.write(`${done} seeds passed\n`);
    },
  });
  process.stdout.write(`${report.toString()}\n`);
  // It throws when a seed failed, or when something was never seen.
  report.assertPassed();
}

void main();
