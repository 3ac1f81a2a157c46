import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulatedCluster } from '../../../lib/simulation/cluster/simulated-cluster';
import { runSeed } from '../../../lib/simulation/seed-run/run-seed';
import { clock } from './fence-fixture';
import { StrayActor } from './stray-actor';

const RIGHT = ['spawns', 'gatedWrite', 'sends', 'calls', 'awaits'] as const;

/** The line that acts too late, and the one where the promise was made. */
const ASTRAY = {
  forgetsTimer: ['sleep(11)', 'void this.sleepTwice()'],
  forgetsCall: ["'other').nothing()", 'void this.callLater()'],
  forgetsWrite: ['await this.state.persist()', 'void this.writeLater()'],
  forgetsLink: ["info('late')", undefined],
} as const;

const FILE = 'spec/simulation/fence/stray-actor.ts';
const lines = readFileSync(join(__dirname, '..', '..', '..', '..', FILE), 'utf8').split('\n');
const placeOf = (text: string) => `${FILE}:${lines.findIndex((line) => line.includes(text)) + 1}:`;

function run(method: (typeof RIGHT)[number] | keyof typeof ASTRAY, nodes: number) {
  class Simulation {
    static readonly actors = [StrayActor];
    async test(cluster: SimulatedCluster): Promise<void> {
      await cluster.client().actor(StrayActor, 'a')[method]();
      await cluster.sleep(500);
    }
  }
  const test = { method: 'test', seeds: 1, options: { chaos: 'calm' as const, nodes }, isStaticMember: false };
  return runSeed({ type: Simulation, tests: [test], invariants: [] }, test, 1, { clock, auditsTurns: true });
}

describe('The audit of turns', () => {
  for (const nodes of [1, 2]) {
    for (const method of RIGHT) {
      it(`finds nothing where a handler rightly ${method} on ${nodes} nodes`, async () => {
        expect((await run(method, nodes)).error).to.equal(undefined);
      });
    }
  }
  for (const [method, [acts, made]] of Object.entries(ASTRAY)) {
    it(`finds what outlives its turn where a handler ${method}, and where the promise was made`, async () => {
      const { error } = await run(method as keyof typeof ASTRAY, 1);
      expect(error).to.have.property('code', 'UNAWAITED_PROMISE');
      expect((error as Error).message).to.contain(`went on unawaited at ${placeOf(acts)}`);
      if (made !== undefined) expect((error as Error).message).to.contain(`it was made at ${placeOf(made)}`);
    });
  }
});
