import { parentPort, workerData } from 'node:worker_threads';
import { NodeTimeProvider } from '../../providers/node/node-time-provider';
import { runRecipe } from '../seed-run/run-seed';
import { planSimulation, testOf } from '../seed-run/simulation-class';
import { packFailure, toAnswer, type FarmRefusal, type FarmSetting, type FarmTask } from './farm-message';
import { loadSimulation } from './simulation-file';

process.setSourceMapsEnabled(true);

/** The body of a thread of the farm: runs what it is sent, one after the other. */
function work({ file, className, method, chaos, discovers = false }: FarmSetting): void {
  const plan = planSimulation(loadSimulation(file, className));
  const test = testOf(plan, method);
  const options = { clock: new NodeTimeProvider(), discovers, ...(chaos === undefined ? {} : { chaos }) };
  let last = Promise.resolve();
  parentPort?.on('message', ({ number, recipe }: FarmTask) => {
    last = last.then(async () => {
      const result = await runRecipe(plan, test, recipe, options);
      parentPort?.postMessage(toAnswer(number, result));
    });
  });
}

try {
  work(workerData as FarmSetting);
} catch (error) {
  parentPort?.postMessage({ refused: packFailure(error) } satisfies FarmRefusal);
}
