import type { TaskProvider } from '../providers/task-provider';
import type { RpcClient } from '../rpc/rpc-client';
import { reasonIn } from '../services/handler-reason';
import type { NodeEndpoints } from '../services/node-endpoints';
import { askAnswerIn, type DirectoryAnswer, type DirectoryOperation } from './directory-requests';
import { DirectoryService } from './directory-service';

/** What is needed to ask the owners of ranges. */
export interface OwnerLanesParts {
  readonly endpoints: Pick<NodeEndpoints, 'connect'>;
  readonly tasks: TaskProvider;
  /** The version of the view in which the owners are looked for. */
  readonly view: () => number;
  /** How long an answer is waited for, in milliseconds. */
  readonly attemptMs: number;
}

/** The answer of an owner, and in which view it has given it. */
export interface OwnerAnswer {
  readonly answer: DirectoryAnswer;
  readonly view: number;
}

interface Waiting {
  readonly operation: DirectoryOperation;
  readonly resolve: (answer: OwnerAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/** How many operations go together at most: with the longest keys they fit into a packet. */
const MOST_TOGETHER = 200;

/** Asks the owners of ranges: what is asked of one of them in a turn of the event loop goes together. */
export class OwnerLanes {
  private readonly waiting = new Map<string, Waiting[]>();
  /** Of the present view, by their addresses. */
  private readonly owners = new Map<string, RpcClient<DirectoryService>>();

  constructor(private readonly parts: OwnerLanesParts) {}

  /** Rejects as requests to fixed endpoints do. */
  ask(address: string, operation: DirectoryOperation): Promise<OwnerAnswer> {
    return new Promise((resolve, reject) => {
      const waiting = this.waiting.get(address);
      if (waiting !== undefined) {
        waiting.push({ operation, resolve, reject });
        return;
      }
      this.waiting.set(address, [{ operation, resolve, reject }]);
      this.parts.tasks.defer(() => this.send(address));
    });
  }

  /** In another view others are owners. */
  forgetOwners(): void {
    this.owners.clear();
  }

  private ownerAt(address: string): RpcClient<DirectoryService> {
    let owner = this.owners.get(address);
    if (owner === undefined) {
      const { endpoints, attemptMs } = this.parts;
      owner = endpoints.connect(DirectoryService, address).$with({ timeoutMs: attemptMs });
      this.owners.set(address, owner);
    }
    return owner;
  }

  private send(address: string): void {
    const waiting = this.waiting.get(address) ?? [];
    this.waiting.delete(address);
    for (let from = 0; from < waiting.length; from += MOST_TOGETHER)
      void this.exchange(address, waiting.slice(from, from + MOST_TOGETHER));
  }

  /** Never rejects: those who wait are told. */
  private async exchange(address: string, together: readonly Waiting[]): Promise<void> {
    try {
      const operations = together.map(({ operation }) => operation);
      const request = { view: this.parts.view(), operations };
      const { view: seen, answers } = askAnswerIn(await this.ownerAt(address).ask(request), together.length);
      for (const [index, { resolve }] of together.entries())
        resolve({ answer: answers[index] as DirectoryAnswer, view: seen });
    } catch (thrown) {
      for (const { reject } of together) reject(reasonIn(thrown));
    }
  }
}
