import { Actor, Handler, Persist, retry, type ActorState } from 'moonpool';
import { PATIENCE } from '../patience';
import {
  checkLinearizable,
  checkPairOrder,
  checkWitnesses,
  OperationAlphabet,
  requireHolds,
  type Attempt,
  type Model,
  type Workload,
  type WorkloadContext,
} from 'moonpool/simulation';

/** Sums stay small enough to be exact. */
const MODULUS = 1_000_003;

class Memory {
  value = 0;
}

/** A calculator with a memory; each method is another handler. */
@Actor({ name: 'Calculator' })
export class Calculator {
  @Persist(Memory) private readonly memory!: ActorState<Memory>;

  @Handler() add(operand: number): Promise<number> {
    return this.keep(this.memory.value.value + operand);
  }
  @Handler() subtract(operand: number): Promise<number> {
    return this.keep(this.memory.value.value - operand);
  }
  @Handler() multiply(operand: number): Promise<number> {
    return this.keep(this.memory.value.value * operand);
  }
  @Handler() async divide(operand: number): Promise<number> {
    if (operand === 0) throw new RangeError('nothing can be divided by zero');
    return this.keep(Math.trunc(this.memory.value.value / operand));
  }
  @Handler({ readOnly: true }) async recall(): Promise<number> {
    return this.memory.value.value;
  }

  private async keep(value: number): Promise<number> {
    this.memory.value.value = value % MODULUS;
    await this.memory.persist();
    return this.memory.value.value;
  }
}

type Method = 'add' | 'subtract' | 'multiply' | 'divide' | 'recall';

const results: Readonly<Record<Method, (memory: number, operand: number) => number>> = {
  add: (memory, operand) => memory + operand,
  subtract: (memory, operand) => memory - operand,
  multiply: (memory, operand) => memory * operand,
  divide: (memory, operand) => Math.trunc(memory / operand),
  recall: (memory) => memory,
};

/** The same calculator without a cluster. */
export const calculatorModel: Model<number> = {
  name: 'calculator',
  initial: 0,
  step(state, { operation, argument }) {
    if (operation === 'divide' && argument === 0) return { state, result: { threw: 'nothing can be divided by zero' } };
    const value = results[operation as Method](state, argument as number) % MODULUS;
    return { state: value, result: value };
  },
  isRead: ({ operation, argument }) => operation === 'recall' || (operation === 'divide' && argument === 0),
  stateKey: String,
};

interface Reckoner extends WorkloadContext {
  reckon(method: Method, operand: number, timeoutMs?: number): Promise<Attempt<number>>;
}

const CALCULATORS = 4;
const ROUNDS = 16;
/** Rests between rounds, so that a run is long enough for faults to find it, in milliseconds. */
const LONGEST_REST_MS = 500;
const PATIENCE_MS = 2_000;

const operand = ({ random }: WorkloadContext) => 1 + random.below(9);
const anyNode = ({ random, nemesis }: WorkloadContext) => random.below(nemesis.nodeCount);
const letter = (name: Method, weight: number) => ({
  name,
  weight,
  run: async (reckoner: Reckoner) => void (await reckoner.reckon(name, operand(reckoner))),
});

const alphabet = new OperationAlphabet<Reckoner>([
  letter('add', 10),
  letter('subtract', 10),
  letter('multiply', 6),
  letter('divide', 6),
  letter('recall', 12),
  {
    name: 'divide by zero',
    weight: 3,
    kind: 'adversarial',
    run: async (reckoner) => void (await reckoner.reckon('divide', 0)),
  },
  {
    name: 'add in haste',
    weight: 3,
    kind: 'adversarial',
    run: async (reckoner) => void (await reckoner.reckon('add', operand(reckoner), 2)),
  },
  {
    name: 'crash a node',
    weight: 1,
    kind: 'nemesis',
    run: async (reckoner) => reckoner.nemesis.crash?.(anyNode(reckoner), reckoner.random.below(3_000)),
  },
  {
    name: 'cut a connection',
    weight: 2,
    kind: 'nemesis',
    run: async (reckoner) => reckoner.nemesis.cut?.(anyNode(reckoner), anyNode(reckoner)),
  },
]);

/** Clients share calculators: what they are told is what a single calculator would have told them, in some order. */
export class CalculatorWorkload implements Workload {
  static readonly actors = [Calculator];

  async run(context: WorkloadContext): Promise<void> {
    const reckoner = this.reckoner(context);
    const letters = alphabet.swarm(context.random);
    for (let round = 0; round < ROUNDS; round++) {
      await letters.perform(reckoner);
      await context.sleep(context.random.below(LONGEST_REST_MS));
    }
  }

  async check(context: WorkloadContext): Promise<void> {
    for (let key = 1; key <= CALCULATORS; key++) {
      // As an attempt, so that its witness says how many of the unknown outcomes took effect before it.
      await retry(async () => {
        const recalled = await context.attempt({ operation: 'recall', key: `c${key}` }, () =>
          context.actor(Calculator, `c${key}`).recall(),
        );
        if (recalled.outcome !== 'ok') throw recalled.error;
      }, PATIENCE);
    }
    const { operations } = context.history;
    context.sometimes(
      'a calculation has an unknown outcome',
      operations.some(({ outcome }) => outcome === 'unknown'),
    );
    const named = operations.filter(({ outcome, witness }) => outcome !== 'ok' || witness !== undefined);
    requireHolds(
      checkPairOrder(operations),
      checkWitnesses(named, calculatorModel),
      checkLinearizable(operations, calculatorModel),
    );
  }

  private reckoner(context: WorkloadContext): Reckoner {
    const reckon: Reckoner['reckon'] = (method, argument, timeoutMs = PATIENCE_MS) => {
      const key = `c${1 + context.random.below(CALCULATORS)}`;
      const calculator = context.actor(Calculator, key).$with({ timeoutMs });
      return context.attempt({ operation: method, key, argument }, () =>
        method === 'recall' ? calculator.recall() : calculator[method](argument),
      );
    };
    return Object.assign(Object.create(context) as WorkloadContext, { reckon });
  }
}
