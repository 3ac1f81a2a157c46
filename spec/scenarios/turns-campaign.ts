import { runSimulation, type SimulationClass } from 'moonpool/simulation';
import { FirstCallsSimulation, TurnsSimulation } from './turns-simulation';

/** Many seeds of the simulations of turns, without a test runner: `npm run simulate:turns -- 2000 5000`. */
async function main(): Promise<void> {
  const [, , turns = '2000', firstCalls = '5000'] = process.argv;
  await run(TurnsSimulation, 'turnsOverlapAsDeclared', Number(turns));
  await run(TurnsSimulation, 'turnsThatWaitForEachOtherAreFoundAmongFaults', Number(turns));
  await run(FirstCallsSimulation, 'eachKeyIsActivatedOnce', Number(firstCalls));
}

async function run(type: SimulationClass, method: string, seeds: number): Promise<void> {
  if (seeds === 0) return;
  const report = await runSimulation(type, { method, seeds });
  process.stdout.write(`${report.toString()}\n`);
  if (report.failures.length > 0) process.exitCode = 1;
}

void main();
