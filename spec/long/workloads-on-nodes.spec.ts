import { expect } from 'chai';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MoonpoolError } from 'moonpool';
import { runOnNodes, type Workload, type WorkloadContext } from 'moonpool/simulation';
import { CalculatorWorkload } from '../scenarios/workloads/calculator';
import { PingPongWorkload } from '../scenarios/workloads/ping-pong';
import { RegisterWorkload } from '../scenarios/workloads/register';
import { runSeedOf } from '../simulation/workloads/workload-fixture';

const scenario = (name: string) => ({ module: join(__dirname, '..', 'scenarios', 'workloads', `${name}.js`) });
const leftovers = () => readdirSync(tmpdir()).filter((name) => name.startsWith('moonpool-workload-'));

describe('Workloads on real nodes', function () {
  this.timeout(60_000);

  it('ask for what they ask for in a simulation with that seed, and pass the same checks', async () => {
    const asked: string[][] = [];
    class Noted extends RegisterWorkload {
      override async check(context: WorkloadContext): Promise<void> {
        await super.check(context);
        asked.push(
          context.history.operations
            .filter(({ client }) => client === 'client1')
            .map(({ operation, key }) => `${operation} ${key}`),
        );
      }
    }
    const { operations, seed } = await runOnNodes(Noted, { nodes: 2, clients: 2, seed: 5 });
    expect(seed).to.equal(5);
    expect(operations).to.be.greaterThan(30);
    expect((await runSeedOf([Noted], { nodes: 2, clients: 2 }, 5)).error).to.equal(undefined);
    expect(asked[0]).to.deep.equal(asked[1]);
    expect(asked[0]?.length).to.be.greaterThan(10);
  });

  it('survive kill -9 of a node process', async () => {
    let lives = 0;
    class KilledRegister extends RegisterWorkload {
      override async run(context: WorkloadContext): Promise<void> {
        await Promise.all([super.run(context), ...(context.clientIndex === 0 ? [this.kill(context)] : [])]);
      }
      override async check(context: WorkloadContext): Promise<void> {
        await super.check(context);
        lives = new Set(context.history.operations.map(({ witness, key }) => `${key} ${witness?.epoch ?? 0}`)).size;
      }
      private async kill(context: WorkloadContext): Promise<void> {
        await context.sleep(200);
        for (let node = 0; node < context.nemesis.nodeCount; node++) await context.nemesis.crash?.(node, 0);
      }
    }
    const { operations } = await runOnNodes(KilledRegister, {
      nodes: 2,
      clients: 2,
      processes: { ...scenario('register'), export: 'RegisterWorkload' },
    });
    expect(operations).to.be.greaterThan(30);
    expect(lives, 'registers were activated again').to.be.greaterThan(4);
  });

  it('reach static actors by their addresses, and stateful ones whose calls throw', async () => {
    await Promise.all([
      runOnNodes(PingPongWorkload, { nodes: 2, clients: 2 }),
      runOnNodes(CalculatorWorkload, { nodes: 1, clients: 2 }),
    ]);
  });

  it('fail with the seed and the reason, and leave nothing behind', async () => {
    const before = leftovers();
    class Wrong implements Workload {
      static readonly actors = PingPongWorkload.actors;
      async run(): Promise<void> {
        throw new RangeError('no luck');
      }
    }
    const error = await runOnNodes(Wrong, { nodes: 1, seed: 17 }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(MoonpoolError);
    expect(error).to.have.property('code', 'WORKLOAD_FAILED');
    expect(String(error)).to.contain('Wrong failed on 1 real nodes with seed 17: no luck');
    expect(leftovers()).to.deep.equal(before);
  });

  it('end at their limit, whatever hangs', async () => {
    class Endless implements Workload {
      static readonly actors = PingPongWorkload.actors;
      run(): Promise<void> {
        return new Promise(() => undefined);
      }
    }
    const before = leftovers();
    // The shorter limits come while nodes and clients are still starting.
    for (const limitMs of [1, 10, 30, 100, 300]) {
      const error = await runOnNodes(Endless, { nodes: 2, limitMs }).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(String(error)).to.contain(`did not end within ${limitMs} ms`);
    }
    expect(leftovers()).to.deep.equal(before);
  });

  it('say so when the processes do not find the class', async () => {
    const error = await runOnNodes(PingPongWorkload, {
      nodes: 1,
      processes: { ...scenario('ping-pong'), export: 'Nobody' },
    }).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(String(error))
      .to.contain('node1 ended before it was ready')
      .and.to.contain("exports no workload class 'Nobody'");
  });
});
