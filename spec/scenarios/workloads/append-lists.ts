import { Actor, Handler, Persist, retry, type ActorState } from 'moonpool';
import { PATIENCE } from '../patience';
import {
  checkAppendLists,
  OperationAlphabet,
  requireHolds,
  type Workload,
  type WorkloadContext,
} from 'moonpool/simulation';

class Entries {
  entries: number[] = [];
}

/** A list that only grows. */
@Actor({ name: 'AppendList' })
export class AppendList {
  @Persist(Entries) private readonly list!: ActorState<Entries>;

  @Handler() async append(value: number): Promise<void> {
    this.list.value.entries.push(value);
    await this.list.persist();
  }
  @Handler({ readOnly: true }) async read(): Promise<number[]> {
    return this.list.value.entries;
  }
}

const LISTS = 4;
const ROUNDS = 30;
const call = { timeoutMs: 1_500 };

const keyOf = ({ random }: WorkloadContext) => `l${1 + random.below(LISTS)}`;

/** Clients append to lists and read them; what they read must have one order that agrees with real time. */
export class AppendListWorkload implements Workload {
  static readonly actors = [AppendList];
  private appended = 0;
  private readonly alphabet = new OperationAlphabet([
    {
      name: 'append',
      weight: 5,
      run: async (context) => {
        const key = keyOf(context);
        const value = ++this.appended;
        await context.attempt({ operation: 'append', key, argument: value }, () =>
          context.actor(AppendList, key).$with(call).append(value),
        );
      },
    },
    { name: 'read', weight: 4, run: (context) => this.read(context, keyOf(context)) },
    { name: 'rest', weight: 2, run: (context) => context.sleep(context.random.below(400)) },
  ]);

  async run(context: WorkloadContext): Promise<void> {
    for (let round = 0; round < ROUNDS; round++) await this.alphabet.perform(context);
  }

  async check(context: WorkloadContext): Promise<void> {
    for (let key = 1; key <= LISTS; key++) {
      const list = await retry(() => context.actor(AppendList, `l${key}`).read(), PATIENCE);
      context.history.invoke({ client: context.client, operation: 'read', key: `l${key}` }).ok(list);
    }
    const { operations } = context.history;
    const seen = new Set(
      operations
        .filter(({ operation, result }) => operation === 'read' && Array.isArray(result))
        .flatMap(({ result }) => result as number[]),
    );
    context.sometimes(
      'an append with unknown outcome shows up',
      operations.some(({ outcome, argument }) => outcome === 'unknown' && seen.has(argument as number)),
    );
    requireHolds(checkAppendLists(operations));
  }

  private async read(context: WorkloadContext, key: string): Promise<void> {
    await context.attempt({ operation: 'read', key }, () => context.actor(AppendList, key).$with(call).read());
  }
}
