import { expect } from 'chai';
import { Actor, ActorContext, Handler, inject } from 'moonpool';
import { ClusterFixture, Gates } from './cluster-fixture';

const MANY = 200;
const gates = new Gates();

@Actor({ name: 'Slow' })
class Slow {
  @Handler() async work(): Promise<void> {
    await gates.wait('work');
  }
}

@Actor({ name: 'Worker' })
class Worker {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async forget(): Promise<void> {
    void this.context.actor(Slow, 's').work();
  }

  @Handler() async dawdle(): Promise<void> {
    await gates.wait(this.context.key);
  }

  onDeactivate(): void {
    throw new Error('still open');
  }
}

describe('What goes wrong for many actors at once', () => {
  const cluster = new ClusterFixture([Worker, Slow]);

  before(async () => {
    const node = await cluster.node('n1', { activation: { longTurnMs: 20 } });
    const workers = Array.from({ length: MANY }, (_, index) => node.actor(Worker, `w${index}`));
    await Promise.all(workers.map((worker) => worker.forget()));
    const turns = workers.map((worker) => worker.dawdle());
    await new Promise((resolve) => setTimeout(resolve, 60));
    gates.openAll();
    await Promise.all(turns);
    await cluster.shutdown();
  });

  for (const kind of [
    'a turn ended while calls that it made had no answer: is an await missing?',
    'a turn takes long',
    'onDeactivate failed',
  ])
    it(`is few lines of the log, in which all of it is counted: ${kind}`, () => {
      const lines = cluster.said(kind);
      expect(lines).to.have.length.within(2, 25);
      expect(lines[0]?.fields).to.have.property('actor');
      const counted = lines.filter(({ message }) => message.endsWith('by many others'));
      expect(counted.map(({ fields }) => fields['count'])).to.satisfy((counts: number[]) =>
        counts.every((count) => count >= MANY - 20),
      );
      expect(counted).to.have.length(1);
    });
});
