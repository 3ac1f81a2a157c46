import { Actor, Handler, Persist, type ActorState } from 'moonpool';
import {
  checkLinearizable,
  checkPairOrder,
  checkWitnesses,
  OperationAlphabet,
  registerModel,
  requireHolds,
  type Workload,
  type WorkloadContext,
} from 'moonpool/simulation';

class Cell {
  value = 0;
}

/** A register with compare and swap. */
@Actor({ name: 'Register' })
export class Register {
  @Persist(Cell) private readonly cell!: ActorState<Cell>;

  @Handler({ readOnly: true }) async read(): Promise<number> {
    return this.cell.value.value;
  }
  @Handler() async write(value: number): Promise<void> {
    this.cell.value.value = value;
    await this.cell.persist();
  }
  @Handler() async cas(expected: number, replacement: number): Promise<boolean> {
    if (this.cell.value.value !== expected) return false;
    this.cell.value.value = replacement;
    await this.cell.persist();
    return true;
  }
}

const REGISTERS = 3;
const ROUNDS = 30;
const call = { timeoutMs: 1_500 };

interface Writer extends WorkloadContext {
  readonly key: string;
  /** What this client believes to be the value. */
  believed: number;
  /** A value that nobody has written yet. */
  fresh(): number;
}

const alphabet = new OperationAlphabet<Writer>([
  {
    name: 'read',
    weight: 5,
    async run(writer) {
      const { key } = writer;
      const read = await writer.attempt({ operation: 'read', key }, () =>
        writer.actor(Register, key).$with(call).read(),
      );
      if (read.outcome === 'ok') writer.believed = read.result;
    },
  },
  {
    name: 'write',
    weight: 3,
    async run(writer) {
      const { key } = writer;
      const value = writer.fresh();
      await writer.attempt({ operation: 'write', key, argument: value }, () =>
        writer.actor(Register, key).$with(call).write(value),
      );
    },
  },
  {
    name: 'cas',
    weight: 3,
    async run(writer) {
      const { key, believed: expected } = writer;
      const replacement = writer.fresh();
      const swapped = await writer.attempt({ operation: 'cas', key, argument: { expected, replacement } }, () =>
        writer.actor(Register, key).$with(call).cas(expected, replacement),
      );
      writer.sometimes('a swap finds what it expects', swapped.outcome === 'ok' && swapped.result);
      writer.sometimes('a swap finds something else', swapped.outcome === 'ok' && !swapped.result);
    },
  },
  { name: 'rest', weight: 2, run: (writer) => writer.sleep(writer.random.below(400)) },
]);

/** Clients read, write and swap; the history must be linearizable, key by key. */
export class RegisterWorkload implements Workload {
  static readonly actors = [Register];
  private written = 0;

  async run(context: WorkloadContext): Promise<void> {
    const believed = new Map<string, number>();
    for (let round = 0; round < ROUNDS; round++) {
      const key = `r${1 + context.random.below(REGISTERS)}`;
      const writer: Writer = Object.assign(Object.create(context) as WorkloadContext, {
        key,
        believed: believed.get(key) ?? 0,
        fresh: () => ++this.written,
      });
      await alphabet.perform(writer);
      believed.set(key, writer.believed);
    }
  }

  async check(context: WorkloadContext): Promise<void> {
    const { operations } = context.history;
    context.sometimes(
      'an operation has an unknown outcome',
      operations.some(({ outcome }) => outcome === 'unknown'),
    );
    const model = registerModel(0);
    requireHolds(checkPairOrder(operations), checkWitnesses(operations, model), checkLinearizable(operations, model));
  }
}
