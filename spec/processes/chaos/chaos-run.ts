import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describeVerdict } from 'moonpool/simulation';
import { ChaosFleet } from './chaos-fleet';
import { messageOf } from '../../../lib/errors/thrown-value';
import { kindsOn, type ChaosOrder, type EngineName } from './chaos-order';
import { NAMESPACE, type ChaosSetting } from './chaos-setting';
import { AUDITOR, auditKeys } from './closing-audit';
import {
  CALL_KINDS,
  countAnswers,
  countErrors,
  countFailures,
  effectsOf,
  type CallCount,
  type CallKind,
  type FaultEffect,
} from './fault-effects';
import { planFaults, planRestarts, type Fault } from './fault-plan';
import { machineUs, mergeHistories, type Answer } from './history-file';
import { judge, type Judgement } from './judgement';
import { Nemesis, type DoneFault } from './nemesis';
import { NetworkNamespaces } from './network-namespaces';
import { ProxyNetwork } from './proxy-network';
import { CampaignStore } from './campaign-store';
import type { ChaosNetwork, NetworkKind } from './chaos-network';

/** How long the leases of nodes last, in milliseconds: so that fail-over takes little. */
const LEASE_MS = 2_000;
/** The lease, and the shortest time that a call is given, where nodes are restarted and nothing else happens: a machine with much to do is to take the lease from nobody, and to let no call wait in vain. */
const UNHURRIED = { leaseMs: 10_000, leastTimeoutMs: 20_000 };
/** How long the load goes on when all faults are over, in milliseconds. */
const AFTERMATH_MS = 1_000;
/** How long after the end of a fault it still counts as its time, in milliseconds: the promised fail-over. */
const RECOVERY_MS = LEASE_MS * 1.5;
/** One run on one store. */
export interface ChaosRunOptions extends Pick<
  ChaosOrder,
  'seed' | 'nodes' | 'clients' | 'kinds' | 'isControl' | 'keepsHistories'
> {
  readonly engine: EngineName;
  /** One that this machine has. */
  readonly network: NetworkKind;
  /** So many rolling restarts alone, in which no call may fail. Default: the faults that are asked for. */
  readonly restarts?: number | undefined;
  /** For how long faults begin, in milliseconds. */
  readonly forMs: number;
  /** Is notified of each fault when it is over. */
  readonly onFault?: (done: DoneFault) => void;
  /** Is asked before each fault. */
  readonly isStopped?: () => boolean;
}

/** What came of a run. */
export interface ChaosResult {
  readonly engine: EngineName;
  readonly network: NetworkKind;
  readonly plan: readonly Fault[];
  readonly effects: readonly FaultEffect[];
  readonly answers: Readonly<Record<Answer, number>>;
  /** How many calls have failed of those that are repeated by themselves, and of the others. */
  readonly failures: Readonly<Record<CallKind, CallCount>>;
  /** How often each code of an error came. */
  readonly errors: ReadonlyMap<string, number>;
  readonly judgement: Judgement;
  /** What must not be, each as a sentence: what the checkers found, errors without a code, and keys without an answer when all was over. */
  readonly violations: readonly { readonly kind: 'violated' | 'undecided'; readonly description: string }[];
  /** What is no violation and worth a look: nodes that ended by themselves, or not in order. */
  readonly remarks: readonly string[];
  /** Where the histories are; undefined when they were not kept, for nothing was found. */
  readonly kept: string | undefined;
}

/** Starts a cluster, disturbs it as its seed says, reads all that it holds, and has the histories judged. Leaves nothing behind but the histories of what is wrong. */
export async function runChaos(options: ChaosRunOptions): Promise<ChaosResult> {
  const folder = mkdtempSync(join(tmpdir(), 'moonpool-chaos-'));
  let result: ChaosResult | undefined;
  try {
    result = await runIn(folder, options);
    return result;
  } catch (cause) {
    throw new Error(`${messageOf(cause)}; the histories so far are in ${folder}`, { cause });
  } finally {
    if (result !== undefined && result.kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function runIn(folder: string, options: ChaosRunOptions): Promise<ChaosResult> {
  const network = options.network === 'proxies' ? new ProxyNetwork(NAMESPACE) : NetworkNamespaces.open();
  try {
    const store = await CampaignStore.open(options.engine, folder, names('node', options.nodes), network.host);
    try {
      return await runOn({ folder, network, store }, options);
    } finally {
      await store.close();
    }
  } finally {
    await network.close();
  }
}

/** What a run goes on in. */
interface Surroundings {
  readonly folder: string;
  readonly network: ChaosNetwork;
  readonly store: CampaignStore;
}

async function runOn({ folder, network, store }: Surroundings, options: ChaosRunOptions): Promise<ChaosResult> {
  const { seed, forMs, engine, isControl, onFault = () => undefined, isStopped = () => false } = options;
  const nodes = names('node', options.nodes);
  const clients = names('client', options.clients);
  const kinds = kindsOn(engine, options.network, options.kinds);
  const { restarts } = options;
  const plan =
    restarts === undefined
      ? planFaults({ seed, forMs, kinds, nodes, clients, leaseMs: LEASE_MS })
      : planRestarts(restarts, seed, nodes);
  const settingOf = (name: string): ChaosSetting => ({
    store: store.of(name),
    leaseMs: LEASE_MS,
    isCareless: isControl,
    ...(restarts === undefined ? {} : { ...UNHURRIED, maxForwards: 1 }),
  });
  let fleet: ChaosFleet | undefined;
  try {
    fleet = await ChaosFleet.start({ folder, settingOf, seed, startedAt: machineUs(), nodes, clients, network });
    const nemesis = new Nemesis({ fleet, network, store, onFault, isStopped });
    await nemesis.run(plan);
    await sleep(AFTERMATH_MS);
    await fleet.rest();
    const keys = mergeHistories(fleet.historyFiles).history.byKey().keys();
    const audit = await auditKeys({ folder, setting: settingOf(AUDITOR), keys });
    const problems = [...nemesis.problems, ...(await fleet.stop())];
    const merged = mergeHistories([...fleet.historyFiles, audit.historyFile]);
    const judgement = judge(merged);
    const failures = countFailures(merged.operations);
    const violations = [
      ...violationsOf(judgement, audit.unanswered),
      ...(restarts === undefined ? [] : failuresOf(failures)),
    ];
    return {
      ...{ engine, network: network.kind, plan, judgement, violations },
      effects: effectsOf(nemesis.done, merged.operations, RECOVERY_MS),
      answers: countAnswers(merged.operations),
      failures,
      errors: countErrors(merged.operations),
      remarks: [...fleet.endedAlone, ...problems],
      kept: options.keepsHistories || violations.length > 0 ? folder : undefined,
    };
  } finally {
    await fleet?.stop();
  }
}

function violationsOf({ failed, strangeErrors }: Judgement, unanswered: readonly string[]): ChaosResult['violations'] {
  return [
    ...failed.map((verdict) => ({
      kind: verdict.kind === 'violated' ? ('violated' as const) : ('undecided' as const),
      description: describeVerdict(verdict),
    })),
    ...strangeErrors.map((code) => violated(`Callers got errors with the code ${code}, which is not of the catalogue`)),
    ...unanswered.map((key) => violated(`All faults were over, and nobody answered for ${key}`)),
  ];
}

/** Where nodes are restarted in order and nothing else happens, nobody is to notice. */
function failuresOf(failures: ChaosResult['failures']): ChaosResult['violations'] {
  return CALL_KINDS.filter((kind) => failures[kind].failed > 0).map((kind) =>
    violated(`${failures[kind].failed} of ${failures[kind].calls} ${kind} calls failed while nodes were restarted`),
  );
}

function violated(description: string): ChaosResult['violations'][number] {
  return { kind: 'violated', description };
}

function names(role: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${role}${index + 1}`);
}
