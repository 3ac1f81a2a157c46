import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ActorRuntime } from 'moonpool';
import { describeVerdict } from 'moonpool/simulation';
import { KeyedRolls } from '../../../lib/simulation/random/keyed-rolls';
import { WitnessCapture } from '../../../lib/simulation/workloads/witness-capture';
import { CampaignStore } from '../chaos/campaign-store';
import type { EngineName } from '../chaos/chaos-order';
import type { ChaosSetting } from '../chaos/chaos-setting';
import { auditKeys, AUDITOR } from '../chaos/closing-audit';
import { machineUs, mergeHistories } from '../chaos/history-file';
import { judge } from '../chaos/judgement';
import { silent } from '../process-fleet';
import { KillFleet } from './kill-fleet';
import { Desk } from './kill-node';
import { killParts, LEASE_MS } from './kill-process';

const NODES = ['node1', 'node2', 'node3'];
/** Whoever measures. */
const WATCHER = 'watcher';
/** How long nodes are left alone before one is killed, at least, and how much longer at most, in milliseconds. */
const [REST_MS, MORE_REST_MS] = [300, 700];
/** How long one call may take, and how long it is waited until the next, in milliseconds. */
const [CALL_MS, PAUSE_MS] = [1_000, 5];
/** When nobody has answered by then, something is wrong. */
const LIMIT_MS = 2 * LEASE_MS;

export interface KillRunOptions {
  readonly engine: EngineName;
  readonly kills: number;
  readonly seed: number;
  readonly areApart: boolean;
  /** They are stopped by SIGSTOP in place of killed, and go on when their actors have answered elsewhere. */
  readonly areStopped: boolean;
  /** Nodes acknowledge writes before they are durable: what a campaign that works must notice. */
  readonly isControl: boolean;
  readonly isStopped: () => boolean;
  readonly onKill: (index: number, node: string, tookMs: number) => void;
}

/** What came of a run. */
export interface KillResult {
  /** From each kill or stop to the first answer of an actor that had lived there, in milliseconds. */
  readonly tookMs: readonly number[];
  readonly operations: number;
  readonly acknowledged: number;
  readonly keys: number;
  /** What must not be, as sentences. */
  readonly violations: readonly string[];
  /** Where the histories are, when something is wrong. */
  readonly kept: string | undefined;
}

/** Kills or stops nodes under load, one after the other, measures how soon their actors answer elsewhere, and has the histories of all processes judged. */
export async function runKills(options: KillRunOptions): Promise<KillResult> {
  const folder = mkdtempSync(join(tmpdir(), 'moonpool-kills-'));
  const store = await CampaignStore.open(options.engine, folder, []);
  let fleet: KillFleet | undefined;
  let kept: string | undefined = folder;
  try {
    const { seed, areApart, isControl } = options;
    const settingOf = (name: string): ChaosSetting => ({
      store: store.of(name),
      leaseMs: LEASE_MS,
      isCareless: isControl,
    });
    fleet = await KillFleet.start({
      ...{ folder, nodes: NODES, seed, areApart, startedAt: machineUs() },
      settingOf,
    });
    const tookMs = await killOnAndOn(fleet, settingOf(WATCHER), options);
    await fleet.rest();
    const audit = await auditKeys({
      folder,
      setting: settingOf(AUDITOR),
      keys: mergeHistories(fleet.historyFiles).history.byKey().keys(),
    });
    const { endedAlone } = fleet;
    await fleet.stop();
    const merged = mergeHistories([...fleet.historyFiles, audit.historyFile]);
    const { failed, strangeErrors, keys } = judge(merged);
    const violations = [
      ...failed.map((verdict) => describeVerdict(verdict)),
      ...strangeErrors.map((code) => `callers got errors with the code ${code}, which is not of the catalogue`),
      ...audit.unanswered.map((key) => `nobody answered for ${key} in the end`),
      ...endedAlone.map((node) => `a node ended by itself: ${node}`),
    ];
    if (violations.length === 0) kept = undefined;
    const acknowledged = merged.operations.filter(({ answer }) => answer === 'ok').length;
    return { tookMs, operations: merged.operations.length, acknowledged, keys, violations, kept };
  } finally {
    await fleet?.stop();
    await store.close();
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function killOnAndOn(
  fleet: KillFleet,
  setting: ChaosSetting,
  options: KillRunOptions,
): Promise<readonly number[]> {
  const parts = killParts(WATCHER, setting, new WitnessCapture());
  const watcher = await ActorRuntime.connect({ ...parts, modules: [...(parts.modules ?? []), silent] });
  const rolls = new KeyedRolls(options.seed).sequence('kills');
  const tookMs: number[] = [];
  try {
    for (let index = 0; index < options.kills && !options.isStopped(); index++) {
      await sleep(REST_MS + rolls.below(MORE_REST_MS));
      const node = rolls.pick(NODES);
      const key = await deskAt(watcher, node, index);
      const killedAt = performance.now();
      if (options.areStopped) fleet.pause(node);
      else fleet.kill(node);
      await firstAnswer(watcher, key, node);
      const took = performance.now() - killedAt;
      tookMs.push(took);
      options.onKill(index, node, took);
      // It finds that it has lost its lease, and ends by itself.
      if (options.areStopped) fleet.resume(node);
      await fleet.launch(node);
    }
  } finally {
    await watcher.shutdown();
  }
  return tookMs;
}

/** The key of an actor that lives there. */
async function deskAt(watcher: ActorRuntime, node: string, kill: number): Promise<string> {
  for (let key = 0; ; key++) {
    const name = `desk-${kill}-${key}`;
    if ((await watcher.actor(Desk, name).whereabouts()) === node) return name;
  }
}

/** Resolves when the actor answers from another node. */
async function firstAnswer(watcher: ActorRuntime, key: string, dead: string): Promise<void> {
  const desk = watcher.actor(Desk, key).$with({ timeoutMs: CALL_MS });
  for (const until = performance.now() + LIMIT_MS; performance.now() < until; await sleep(PAUSE_MS)) {
    const answer = await desk.whereabouts().catch(() => dead);
    if (answer !== dead) return;
  }
  throw new Error(`Nobody answered for an actor of ${dead} within ${LIMIT_MS} ms after it was killed or stopped`);
}
