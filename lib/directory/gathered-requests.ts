import type { TaskProvider } from '../providers/task-provider';

interface Waiting<Q, A> {
  readonly question: Q;
  readonly resolve: (answer: A) => void;
  readonly reject: (error: unknown) => void;
}

/** How gathered questions are asked. */
export interface GatheredRequestsParts<Q, A> {
  readonly tasks: Pick<TaskProvider, 'defer'>;
  /** How many questions go together at most. */
  readonly most: number;
  /** Asks at the address. Resolves to an answer for each question, in their order. */
  readonly ask: (address: string, questions: readonly Q[]) => Promise<readonly A[]>;
}

/** Has what is asked at one address in a turn of the event loop go together in one request. */
export class GatheredRequests<Q, A> {
  private readonly waiting = new Map<string, Waiting<Q, A>[]>();

  constructor(private readonly parts: GatheredRequestsParts<Q, A>) {}

  /** Rejects as the request does in which the question went. */
  ask(address: string, question: Q): Promise<A> {
    return new Promise((resolve, reject) => {
      const waiting = this.waiting.get(address);
      if (waiting !== undefined) {
        waiting.push({ question, resolve, reject });
        return;
      }
      this.waiting.set(address, [{ question, resolve, reject }]);
      this.parts.tasks.defer(() => this.send(address));
    });
  }

  private send(address: string): void {
    const waiting = this.waiting.get(address) ?? [];
    this.waiting.delete(address);
    for (let from = 0; from < waiting.length; from += this.parts.most)
      void this.exchange(address, waiting.slice(from, from + this.parts.most));
  }

  /** Never rejects: those who wait are told. */
  private async exchange(address: string, together: readonly Waiting<Q, A>[]): Promise<void> {
    try {
      const answers = await this.parts.ask(
        address,
        together.map(({ question }) => question),
      );
      for (const [index, { resolve }] of together.entries()) resolve(answers[index] as A);
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }
}
