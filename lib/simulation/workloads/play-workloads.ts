import { describeValue } from '../../errors/describe-value';
import { MoonpoolError } from '../../errors/moonpool-error';
import { unheardFinding } from '../checkers/histories/unheard-finding';
import type { Workload, WorkloadClass } from './workload';
import type { WorkloadContext } from './workload-context';

/** A world in which workloads can be played. */
export interface WorkloadStage {
  readonly clientCount: number;
  /** The world as this client sees it, for a workload. */
  contextOf(workload: string, client: number): WorkloadContext;
  /** Ends the faults and resolves when every node runs again. */
  quiesce(): Promise<void>;
}

/** Plays workloads all at the same time: first each `setup`, then `run` for each client, then rest, then each `check`. */
export async function playWorkloads(stage: WorkloadStage, types: readonly WorkloadClass[]): Promise<void> {
  if (!Array.isArray(types) || types.length === 0)
    throw new MoonpoolError('INVALID_OPTION', {
      message: `There is no workload to play: ${describeValue(types)} was given`,
      remedy: 'Give a list with one class of workloads at least.',
    });
  const parts = types.map((type) => partOf(stage, type));
  const firsts = parts.map(({ workload, contexts }) => ({ workload, first: contexts[0] as WorkloadContext }));
  for (const { workload, first } of firsts) await workload.setup?.(first);
  await Promise.all(parts.flatMap(({ workload, contexts }) => contexts.map((context) => workload.run(context))));
  await stage.quiesce();
  for (const { workload, first } of firsts) {
    const answer: unknown = await workload.check?.(first);
    const finding = unheardFinding(answer);
    if (finding !== undefined)
      throw new MoonpoolError('SIMULATION_FAILED', {
        message: `The check of the workload ${workload.constructor.name} ${finding.words}`,
        remedy: 'Throw an Error that says what is wrong.',
        cause: finding.cause,
      });
  }
}

function partOf(
  stage: WorkloadStage,
  type: WorkloadClass,
): { readonly workload: Workload; readonly contexts: readonly WorkloadContext[] } {
  if (typeof type !== 'function')
    throw new MoonpoolError('INVALID_OPTION', { message: `A workload is a class; ${describeValue(type)} was given` });
  if (stage.clientCount < 1)
    throw new MoonpoolError('INVALID_OPTION', {
      message: `The workload ${type.name} needs a client, and the cluster has none`,
      remedy: 'Set the option `clients` to 1 at least.',
    });
  const contexts = Array.from({ length: stage.clientCount }, (_, client) => stage.contextOf(type.name, client));
  return { workload: new type(), contexts };
}
