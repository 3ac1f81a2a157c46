import { isSimulationPlanned, onSimulationTest } from '../../metadata/simulation-record';

/** By this `node --test` tells the process of a file who runs it. */
const RUN_BY_NODE_TEST = 'NODE_TEST_CONTEXT';

/** The process of a file of tests, as far as it is asked for. */
export interface TestProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stderr: { write(text: string): unknown };
  exitCode?: number | string | null | undefined;
  once(event: 'exit', listener: () => void): unknown;
}

/**
 * `node --test` counts a file without tests as one test that has passed, so that classes of simulations which nobody has declared would pass though nothing was run. Such a file fails when it ends. The other
 * runners refuse files without tests by themselves. Not when one class at least was declared or run: others may be there for what they share.
 */
export function refuseUndeclared(running: TestProcess = process): void {
  if (running.env[RUN_BY_NODE_TEST] === undefined) return;
  const noted = new Set<object>();
  onSimulationTest((type) => {
    if (noted.size === 0) running.once('exit', () => tell(running, noted));
    noted.add(type);
  });
}

function tell(running: TestProcess, noted: ReadonlySet<object>): void {
  const types = [...noted];
  if (types.some(isSimulationPlanned)) return;
  const names = types.map((type) => (type as { readonly name: string }).name);
  running.stderr.write(
    `No test was run: this file has loaded ${names.join(', ')} with @SimulationTest, and nothing has declared it. Add the line ${names
      .map((name) => `describeSimulation(${name});`)
      .join(' ')}\n`,
  );
  running.exitCode = 1;
}
