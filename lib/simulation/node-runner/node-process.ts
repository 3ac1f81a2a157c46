import 'reflect-metadata';
import { createRequire } from 'node:module';
import { MoonpoolError } from '../../errors/moonpool-error';
import { messageOf } from '../../errors/thrown-value';
import { ActorRuntime } from '../../runtime/actor-runtime';
import type { NodeOrder, NodeReady, WorkloadSource } from './node-order';
import { realOptions, type NodeApplication } from './node-setting';

async function main(): Promise<void> {
  const { name, listen, setting, source } = JSON.parse(process.argv[2] ?? '') as NodeOrder;
  const application = loadWorkload(source);
  const runtime = await ActorRuntime.start({ ...realOptions(name, setting, application), listen });
  process.send?.({ address: runtime.address } satisfies NodeReady);
  process.once('SIGTERM', () => void runtime.shutdown());
  // Ctrl-C reaches the whole group of processes; the parent decides when nodes end.
  process.on('SIGINT', () => undefined);
  // Without its parent nobody would ever stop this node.
  process.once('disconnect', () => void runtime.shutdown());
  const { reason } = await runtime.terminated;
  process.exit(reason === 'shutdown' ? 0 : 1);
}

function loadWorkload({ module, export: name }: Required<WorkloadSource>): NodeApplication {
  const exported = (createRequire(module)(module) as Readonly<Record<string, Partial<NodeApplication> | undefined>>)[
    name
  ];
  if (exported === undefined || !Array.isArray(exported.actors)) {
    throw new MoonpoolError('WORKLOAD_FAILED', {
      message: `The module ${module} exports no workload class '${name}' with static actors`,
      remedy: 'Export the class under its own name, with its actor classes in a static property `actors`.',
    });
  }
  return exported as NodeApplication;
}

if (require.main === module) {
  main().catch((error: unknown) => {
    process.stderr.write(`${messageOf(error)}\n`);
    process.exit(1);
  });
}
