import type { TaskProvider } from '../providers/task-provider';
import { reasonIn } from '../services/handler-reason';
import type { NodeEndpoints } from '../services/node-endpoints';
import { ServiceClients } from '../services/service-clients';
import { askAnswerIn, type DirectoryAnswer, type DirectoryOperation } from './directory-requests';
import { DirectoryService } from './directory-service';
import { GatheredRequests } from './gathered-requests';

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

/** How many operations go together at most: with the longest keys they fit into a packet. */
const MOST_TOGETHER = 200;

/** Asks the owners of ranges: what is asked of one of them in a turn of the event loop goes together. */
export class OwnerLanes {
  private readonly gathered: GatheredRequests<DirectoryOperation, OwnerAnswer>;
  private readonly owners: ServiceClients<DirectoryService>;

  constructor(private readonly parts: OwnerLanesParts) {
    this.owners = new ServiceClients(parts.endpoints, DirectoryService, parts.attemptMs);
    this.gathered = new GatheredRequests({
      tasks: parts.tasks,
      most: MOST_TOGETHER,
      ask: (address, operations) => this.exchange(address, operations),
    });
  }

  /** Rejects as requests to fixed endpoints do. */
  ask(address: string, operation: DirectoryOperation): Promise<OwnerAnswer> {
    return this.gathered.ask(address, operation);
  }

  /** In another view others are owners. */
  forgetOwners(): void {
    this.owners.keep();
  }

  private async exchange(address: string, operations: readonly DirectoryOperation[]): Promise<readonly OwnerAnswer[]> {
    try {
      const answer: unknown = await this.owners.at(address).ask({ view: this.parts.view(), operations });
      const { view, answers } = askAnswerIn(answer, operations.length);
      return answers.map((each) => ({ answer: each, view }));
    } catch (thrown) {
      throw reasonIn(thrown);
    }
  }
}
