import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { OptionTable } from '../../lib/options/option-table';
import { compareWithPage } from '../house/documentation';
import { ROOT, sourceFiles } from '../house/source-file';

const PAGE = 'docs/options.md';

/** Under which words each table stands on the page; those that stand under others' words are groups of them. */
const HEADINGS: Readonly<Record<string, string>> = {
  START_OPTIONS: 'ActorRuntime.start',
  ACTOR_OPTIONS: '@Actor',
  OBSERVER_OPTIONS: '@Observer',
  HANDLER_OPTIONS: '@Handler',
  TIMER_OPTIONS: '@Timer',
  ACTOR_TIMER_OPTIONS: 'context.timer',
  STATELESS_WORKER_OPTIONS: '@StatelessWorker',
  RPC_INTERFACE_OPTIONS: '@RpcInterface',
  RPC_METHOD_OPTIONS: '@RpcMethod',
  CALL_OPTIONS: '$with',
  DELIVER_OPTIONS: '$deliver.$with',
  REMINDER_OPTIONS: 'context.remind',
  DEAD_LETTER_QUERY: 'runtime.deadLetters',
  PERSIST_OPTIONS: '@Persist',
  JOURNAL_OPTIONS: '@Journal',
  JOURNAL_EVENT_OPTIONS: '@JournalEvent',
  STORED_ACTORS_QUERY: 'runtime.actors',
  MIGRATE_OPTIONS: 'runtime.migrate',
  OBSERVE_OPTIONS: 'runtime.observe',
  RETRY_OPTIONS: 'retry',
  LABELLED_PLACEMENT_OPTIONS: 'labelledPlacement',
  GATEWAYS_OPTIONS: 'gateways',
  SQLITE_OPTIONS: 'sqlite',
  POSTGRES_OPTIONS: 'postgres',
  POSTGRES_ADDRESS_OPTIONS: 'connection',
  NODE_PROVIDERS_OPTIONS: 'nodeProviders',
  FLOW_OPTIONS: 'FlowTransport.listen',
  ENDPOINT_OPTIONS: 'serve',
  STREAM_OPTIONS: 'requestStream',
  REQUEST_OPTIONS: 'request',
  SYSTEM_OPTIONS: 'LocalSystem.open',
  LOCAL_OPTIONS: 'spawn',
  CHILD_OPTIONS: 'supervisor.spawn',
  SUPERVISOR_OPTIONS: 'supervise',
  WAIT_OPTIONS: 'handle.send',
  STOP_OPTIONS: 'handle.stop',
  POOL_OPTIONS: 'workerPool',
  BLOCKING_JOBS_OPTIONS: 'blockingJobs',
  CIRCUIT_OPTIONS: 'CircuitBreaker',
  BROADCAST_OPTIONS: 'Broadcast',
  SIMULATION_OPTIONS: '@SimulationTest',
  INVARIANT_OPTIONS: '@Invariant',
  RUN_SIMULATION_OPTIONS: 'checkSimulation',
  RUN_WORKLOADS_OPTIONS: 'runWorkloads',
  RUN_ON_NODES_OPTIONS: 'runOnNodes',
  QUIESCE_OPTIONS: 'cluster.quiesce',
  ISOLATE_NODE_OPTIONS: 'cluster.isolate',
  ISOLATE_OPTIONS: 'cluster.places.isolate',
  CLOG_OPTIONS: 'cluster.clog',
  RELEASE_OPTIONS: 'cluster.deploy',
  SWIZZLE_OPTIONS: 'cluster.swizzle',
  LINEARIZABILITY_OPTIONS: 'checkLinearizable',
  WITNESS_OPTIONS: 'checkWitnesses',
  APPEND_LIST_OPTIONS: 'checkAppendLists',
};

/** Tables whose options stand on the page as those of the group that they are in. */
const GROUPS: readonly string[] = [
  'LEASE_OPTIONS',
  'MESSAGING_OPTIONS',
  'ACTIVATION_OPTIONS',
  'DELIVERY_OPTIONS',
  'PERSISTENCE_OPTIONS',
  'TRANSPORT_OPTIONS',
  'SECURITY_OPTIONS',
  'TLS_OPTIONS',
  'INTENSITY_OPTIONS',
  'BACKOFF_OPTIONS',
  'HIERARCHY_OPTIONS',
  'GRID_OPTIONS',
  'WORKLOAD_SOURCE',
];

/** The rows `| option of | ... |` of the page: which door has which options. */
function documented(): ReadonlyMap<string, readonly string[]> {
  const byDoor = new Map<string, string[]>();
  let doors: readonly string[] = [];
  for (const line of readFileSync(join(ROOT, PAGE), 'utf8').split('\n')) {
    const [, cell = ''] = /^\| (.*?) \|/.exec(line) ?? [];
    const codes = [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);
    if (cell.startsWith('option'))
      doors = cell.startsWith('option of') ? codes.map((code) => code.replace(/\(.*/, '')) : [];
    else if (!line.startsWith('|')) doors = [];
    else for (const door of doors) byDoor.set(door, [...(byDoor.get(door) ?? []), ...codes]);
  }
  return byDoor;
}

/** Every table of the library, by the name of its constant. */
function declared(): ReadonlyMap<string, OptionTable<never>> {
  const tables = new Map<string, OptionTable<never>>();
  for (const { path, source } of sourceFiles('lib')) {
    const names = [...source.matchAll(/^(?:export )?const ([A-Z_]+) = optionTable</gm)].map(
      (match) => match[1] as string,
    );
    if (names.length === 0) continue;
    // oxlint-disable-next-line typescript/no-require-imports -- which files have tables is only known now
    const exported = require(join(ROOT, 'dist', path.replace(/\.ts$/, '.js'))) as Readonly<Record<string, unknown>>;
    for (const name of names)
      if (exported[name] instanceof OptionTable) tables.set(name, exported[name] as OptionTable<never>);
    const hidden = names.filter((name) => !(exported[name] instanceof OptionTable) && !GROUPS.includes(name));
    expect(
      hidden,
      `${path} has tables that it does not export, so that nobody compares them with ${PAGE}`,
    ).to.deep.equal([]);
  }
  return tables;
}

describe('The page of options', () => {
  const tables = declared();
  const page = documented();

  it('has a place for every table of options', () => {
    expect([...tables.keys()].filter((name) => HEADINGS[name] === undefined && !GROUPS.includes(name))).to.deep.equal(
      [],
    );
    expect(Object.keys(HEADINGS).filter((name) => !tables.has(name))).to.deep.equal([]);
  });

  for (const [name, heading] of Object.entries(HEADINGS)) {
    it(`lists each option of ${heading}, and no other`, () => {
      const onPage = page.get(heading) ?? [];
      // A row may stand for a whole group, whose options have been listed elsewhere.
      const inCode = (tables.get(name)?.paths ?? []).map(
        (path) => onPage.find((row) => path.startsWith(`${row}.`)) ?? path,
      );
      const mistakes = compareWithPage(`option of ${heading}`, PAGE, inCode, onPage);
      expect(mistakes, mistakes.join('\n')).to.deep.equal([]);
    });
  }
});
