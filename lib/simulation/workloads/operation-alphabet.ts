import { MoonpoolError } from '../../errors/moonpool-error';
import type { RandomProvider } from '../../providers/random-provider';
import type { WorkloadContext } from './workload-context';

/**
 * What an operation is there for. `normal`: what users do. `adversarial`: what users should not do: absurd arguments, haste, calls
 * that are given up. `nemesis`: trouble for the cluster.
 */
export type OperationKind = 'normal' | 'adversarial' | 'nemesis';

/** A letter of the alphabet. */
export interface AlphabetOperation<C> {
  readonly name: string;
  /** How often it is drawn, compared with the others: a number above 0. */
  readonly weight: number;
  /** Default: `normal`. */
  readonly kind?: OperationKind;
  run(context: C): Promise<void>;
}

/** The operations that a client chooses from, each with its weight. */
export class OperationAlphabet<C extends Pick<WorkloadContext, 'random'> = WorkloadContext> {
  private readonly totalWeight: number;

  /** @throws MoonpoolError INVALID_OPTION */
  constructor(readonly operations: readonly AlphabetOperation<C>[]) {
    const wrong = operations.find(({ weight }) => !(Number.isFinite(weight) && weight > 0));
    if (wrong !== undefined)
      throw new MoonpoolError('INVALID_OPTION', {
        message: `The operation '${wrong.name}' has the weight ${wrong.weight}, which is not above 0`,
        remedy: 'Give it a number above 0, or leave the operation out.',
      });
    const names = operations.map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined)
      throw new MoonpoolError('INVALID_OPTION', {
        message: `The alphabet has two operations '${twice}'`,
        remedy: 'Give each operation a name of its own.',
      });
    if (operations.length === 0)
      throw new MoonpoolError('INVALID_OPTION', {
        message: 'The alphabet has no operations',
        remedy: 'Give it one at least.',
      });
    this.totalWeight = operations.reduce((sum, { weight }) => sum + weight, 0);
  }

  /** Draws an operation. */
  draw(random: RandomProvider): AlphabetOperation<C> {
    let left = random.fraction() * this.totalWeight;
    for (const operation of this.operations) {
      left -= operation.weight;
      if (left < 0) return operation;
    }
    return this.operations[this.operations.length - 1] as AlphabetOperation<C>;
  }

  /** Draws an operation from the client's own randomness and runs it. Resolves to its name. */
  async perform(context: C): Promise<string> {
    const operation = this.draw(context.random);
    await operation.run(context);
    return operation.name;
  }

  /** The operations of these kinds alone. @throws MoonpoolError INVALID_OPTION when there are none. */
  only(...kinds: readonly OperationKind[]): OperationAlphabet<C> {
    return new OperationAlphabet(this.operations.filter(({ kind = 'normal' }) => kinds.includes(kind)));
  }

  /**
   * A part of the alphabet that the seed picks: each operation stays with 50 %, and one at least. Runs that lack operations reach
   * states which runs with all of them hardly ever reach (A. Groce et al., "Swarm Testing", 2012).
   */
  swarm(random: RandomProvider): OperationAlphabet<C> {
    const kept = this.operations.filter(() => random.fraction() < 0.5);
    return new OperationAlphabet(kept.length > 0 ? kept : [this.draw(random)]);
  }
}
