import { expect } from 'chai';
import { Actor, Handler, MoonpoolError, Persist, type ActorState } from 'moonpool';
import {
  checkLinearizable,
  counterModel,
  requireHolds,
  type Workload,
  type WorkloadContext,
} from 'moonpool/simulation';
import { violated } from '../../../lib/simulation/checkers/histories/verdict';
import { Ledger } from '../cluster/ledger-fixture';
import { runSeedOf } from './workload-fixture';

class Total {
  total = 0;
}

/** A counter that answers before it is durable: the bug that a workload must find. */
@Actor({ name: 'HastyCounter' })
class HastyCounter {
  @Persist(Total) private readonly count!: ActorState<Total>;

  @Handler() async add(amount: number): Promise<number> {
    this.count.value.total += amount;
    return this.count.value.total;
  }
}

class HastyWorkload implements Workload {
  static readonly actors = [HastyCounter];

  async run(context: WorkloadContext): Promise<void> {
    const counter = context.actor(HastyCounter, 'one').$with({ timeoutMs: 1_000 });
    for (let round = 0; round < 10; round++) {
      await context.attempt({ operation: 'add', key: 'one', argument: 1 }, () => counter.add(1));
      if (round === 5)
        for (let node = 0; node < context.nemesis.nodeCount; node++) await context.nemesis.crash?.(node, 100);
      await context.sleep(500);
    }
  }

  async check({ history }: WorkloadContext): Promise<void> {
    requireHolds(checkLinearizable(history.operations, counterModel()));
  }
}

describe('Workloads on a simulated cluster', () => {
  it('are set up once, run for each client at the same time, and checked once when the cluster is at rest', async () => {
    const log: string[] = [];
    class Diary implements Workload {
      static readonly actors = [Ledger];
      async setup({ client }: WorkloadContext): Promise<void> {
        log.push(`setup ${client}`);
      }
      async run({ client, clientCount, nodeAddresses }: WorkloadContext): Promise<void> {
        log.push(`run ${client} of ${clientCount}`);
        expect(nodeAddresses).to.have.length(2);
      }
      async check({ client }: WorkloadContext): Promise<void> {
        log.push(`check ${client}`);
      }
    }
    const { error } = await runSeedOf([Diary], { nodes: 2, clients: 3 });
    expect(error).to.equal(undefined);
    expect(log).to.deep.equal([
      'setup client1',
      'run client1 of 3',
      'run client2 of 3',
      'run client3 of 3',
      'check client1',
    ]);
  });

  it('fail where a check returns false, which nobody would look at', async () => {
    class Doubtful {
      static readonly actors = [Ledger];
      async run(): Promise<void> {}
      async check(): Promise<boolean> {
        return false;
      }
    }
    const { error } = await runSeedOf([Doubtful as never], { nodes: 1, clients: 1 });
    expect(String(error)).to.contain('The check of the workload Doubtful returned false, and should throw');
    class Judging extends Doubtful {
      override async check(): Promise<never> {
        return violated('complete', 'something was lost') as never;
      }
    }
    const judged = await runSeedOf([Judging as never], { nodes: 1, clients: 1 });
    expect(String(judged.error)).to.contain('The check of the workload Judging returned a verdict');
  });

  it('give each client its own randomness, which the seed decides and others do not move', async () => {
    const drawn: Record<string, number[]> = {};
    const draws = (times: number) =>
      class Draws implements Workload {
        static readonly actors = [Ledger];
        async run({ client, clientIndex, random, seed }: WorkloadContext): Promise<void> {
          drawn[`${seed} ${client} ${times}`] = Array.from({ length: clientIndex === 0 ? times : 3 }, () =>
            random.uint32(),
          );
        }
      };
    for (const seed of [1, 2]) for (const times of [3, 9]) await runSeedOf([draws(times)], { clients: 2 }, seed);
    expect(drawn['1 client2 3']).to.deep.equal(drawn['1 client2 9']).and.to.not.deep.equal(drawn['2 client2 3']);
    expect(drawn['1 client1 3']).to.not.deep.equal(drawn['1 client2 3']);
    expect(drawn['1 client1 9']?.slice(0, 3)).to.deep.equal(drawn['1 client1 3']);
  });

  it('take down outcomes with the witnesses of the answers', async () => {
    let operations: WorkloadContext['history']['operations'] = [];
    class Appends implements Workload {
      static readonly actors = [Ledger];
      async run(context: WorkloadContext): Promise<void> {
        const ledger = context.actor(Ledger, 'a');
        await context.attempt({ operation: 'append', key: 'a', argument: 1 }, () => ledger.append(1));
        await Promise.all(
          [2, 3].map((entry) =>
            context.attempt({ operation: 'append', key: 'a', argument: entry }, () => ledger.append(entry)),
          ),
        );
        await context.attempt({ operation: 'hang', key: 'a' }, () => ledger.$with({ timeoutMs: 100 }).hang());
        await context.attempt({ operation: 'bad', key: 'a' }, () =>
          Promise.reject(new MoonpoolError('MAILBOX_FULL', { message: 'full' })),
        );
        await context.attempt({ operation: 'throw', key: 'a' }, () => Promise.reject(new RangeError('of the actor')));
        ({ operations } = context.history);
      }
    }
    expect((await runSeedOf([Appends])).error).to.equal(undefined);
    expect(operations.map(({ outcome }) => outcome)).to.deep.equal(['ok', 'ok', 'ok', 'unknown', 'failed', 'ok']);
    expect(operations.map(({ witness }) => witness?.turn)).to.deep.equal([1, 2, 3, undefined, undefined, undefined]);
    expect(operations[5]?.result).to.deep.equal({ threw: 'of the actor' });
  });

  it('find an actor that answers before its state is durable', async () => {
    const { error } = await runSeedOf([HastyWorkload]);
    expect(error).to.have.property('code', 'HISTORY_VIOLATED');
    expect(String(error)).to.contain("no order of the operations on 'one' lets client1 be told 1 by add");
  });

  it('are refused when they mean a node that there is not', async () => {
    class Clumsy implements Workload {
      static readonly actors = [Ledger];
      async run({ nemesis }: WorkloadContext): Promise<void> {
        await nemesis.crash?.(7, 0);
      }
    }
    expect((await runSeedOf([Clumsy])).error)
      .to.have.property('message')
      .that.contains('node 7 was asked for');
  });
});
