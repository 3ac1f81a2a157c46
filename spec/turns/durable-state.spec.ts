import { expect } from 'chai';
import { Actor, Handler, MoonpoolError, type ContainerModule } from 'moonpool';
import { ClusterFixture, codeOf, eventually } from '../activation/cluster-fixture';
import { DurableStates, type DurableOwner, type DurableState } from '../../lib/turns/durable-state';
import type { Turn } from '../../lib/turns/turn';

@Actor({ name: 'Till' })
class Till {
  private sum = 0;

  @Handler() async take(amount: number): Promise<number> {
    this.sum += amount;
    return this.sum;
  }
}

/** Keeps what each activation asks for, and lets answers leave when the spec says so. */
class GatedState implements DurableState {
  readonly epoch = 7;
  readonly isDurable = true;
  readonly keepsDecisions = false;
  readonly isGated = false;
  readonly mayOverlap = false;
  readonly pending = undefined;
  version = 0;
  failure: MoonpoolError | undefined;

  constructor(
    private readonly owner: DurableOwner,
    private readonly log: string[],
    private readonly gate: (turn: Turn) => Promise<void> | undefined,
  ) {}

  async claim(): Promise<void> {
    this.log.push(`claim ${this.owner.stateKey}`);
  }

  attach(instance: object): void {
    this.log.push(`attach ${instance.constructor.name}`);
  }

  commit(turn: Turn, answer: unknown): Promise<void> | undefined {
    this.log.push(`commit ${turn.request.method} = ${String(answer)}`);
    this.version++;
    return this.gate(turn)?.catch((error: unknown) => {
      this.failure = error as MoonpoolError;
      throw error;
    });
  }

  async recall(): Promise<undefined> {
    return undefined;
  }

  forgo(): void {
    this.log.push('forgo');
  }

  abandon(): undefined {
    return undefined;
  }

  commitSoFar(): undefined {
    return undefined;
  }

  ended(): void {}

  settled(): Promise<void> {
    this.log.push('settled');
    return Promise.resolve();
  }
}

describe('What is durable of an activation', () => {
  const fixture = new ClusterFixture([Till]);
  let log: string[] = [];
  let gate: (turn: Turn) => Promise<void> | undefined = () => undefined;
  const states: DurableStates = { open: (owner) => new GatedState(owner, log, (turn) => gate(turn)) };
  const module: ContainerModule = { name: 'gated', load: (bind) => bind(DurableStates).toValue(states) };
  const node = () => fixture.node('n1', { modules: [module] });

  beforeEach(() => {
    log = [];
    gate = () => undefined;
  });
  afterEach(() => fixture.shutdown());

  it('is claimed before the actor is constructed, asked at the end of each turn, and awaited at the end of the activation', async () => {
    const till = (await node()).actor(Till, 'a');
    expect([await till.take(2), await till.take(3)]).to.deep.equal([2, 5]);
    await fixture.shutdown();
    expect(log).to.deep.equal(['claim spec/Till/a', 'attach Till', 'commit take = 2', 'commit take = 5', 'settled']);
  });

  it('holds back the answer of a turn, and the turn after it, until its commit has resolved', async () => {
    let open: () => void = () => undefined;
    gate = () => new Promise((resolve) => (open = resolve));
    const till = (await node()).actor(Till, 'a');
    const answers: number[] = [];
    const calls = [1, 1].map(async (amount) => answers.push(await till.take(amount)));
    await eventually(() => log.includes('commit take = 1'));
    expect([answers, log.at(-1)]).to.deep.equal([[], 'commit take = 1']);
    open();
    await eventually(() => log.includes('commit take = 2'));
    expect(answers).to.deep.equal([1]);
    open();
    await Promise.all(calls);
  });

  it('ends the activation with the error of a commit that failed, and the next one begins from what is stored', async () => {
    const till = (await node()).actor(Till, 'a');
    await till.take(1);
    gate = () => Promise.reject(new MoonpoolError('STATE_FENCED', { message: 'claimed again', executed: 'maybe' }));
    expect(await codeOf(till.take(1))).to.equal('STATE_FENCED');
    gate = () => undefined;
    expect(await till.take(10)).to.equal(10);
    expect(log.filter((line) => line.startsWith('claim'))).to.have.length(2);
  });
});
