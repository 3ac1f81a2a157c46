import { deathAfterMs, type LeaseOptions } from '../cluster/lease-options';
import { isMoonpoolError, type Executed } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { sameNode } from '../identity/node-id';
import { reasonIn } from '../services/handler-reason';
import type { NodeEndpoints } from '../services/node-endpoints';
import type { ActorDirectory, Registration } from './actor-directory';
import { directoryUnavailable } from './directory-failure';
import { DirectoryPart, type DirectoryPartParts } from './directory-part';
import type { DirectoryPort } from './directory-port';
import { arrived, rangesAnswerIn, travelling, type DirectoryOperation } from './directory-requests';
import { DirectoryService } from './directory-service';
import { OwnerLanes } from './owner-lanes';
import { rangeOf } from './ranges';

/** What the directory of a node needs. */
export interface PartitionedDirectoryParts extends Omit<DirectoryPartParts, 'askMember'> {
  readonly port: DirectoryPort;
  readonly endpoints: Pick<NodeEndpoints, 'connect'>;
  readonly leases: LeaseOptions;
}

/** How long one answer is waited for, in milliseconds. */
const ATTEMPT_MS = 2_000;
/** How long an operation goes on after the owner of the range would have been declared dead, in milliseconds. */
const BEYOND_DEATH_MS = 2_000;
/** How long it is tried to remove a registration, in milliseconds: one that is left over is replaced when it is met. */
const UNREGISTER_LIMIT_MS = 1_000;
/** How long it waits before it asks again, in milliseconds: twice as long each time. */
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 200;

/** How an attempt has ended: with what was found, or with why there is no answer yet. */
type Attempt =
  | { readonly found: Registration | undefined }
  | { readonly why: string; readonly executed: Executed; readonly cause?: unknown };

/**
 * The directory of a cluster, kept by its nodes in memory: each view divides the actors into ranges, and the owner of a range answers for it. An activation costs no access to the
 * store but the claim of its state. A range whose owner changes is handed over; one whose owner is gone is restored from the activations themselves.
 */
export class PartitionedDirectory implements ActorDirectory {
  private readonly part: DirectoryPart;
  private readonly lanes: OwnerLanes;
  private readonly limitMs: number;
  private isOver = false;

  constructor(private readonly parts: PartitionedDirectoryParts) {
    const { port, endpoints, tasks, leases } = parts;
    this.limitMs = deathAfterMs(leases) + BEYOND_DEATH_MS;
    this.part = new DirectoryPart({
      ...parts,
      askMember: async ({ address }, request) => {
        const member = endpoints.connect(DirectoryService, address).$with({ timeoutMs: ATTEMPT_MS });
        return rangesAnswerIn(await member.tell(request));
      },
    });
    const view = (): number => this.part.owners.view.version;
    this.lanes = new OwnerLanes({ endpoints, tasks, view, attemptMs: ATTEMPT_MS });
    parts.membership.onView(() => this.lanes.forgetOwners());
    port.connectHost(this.part);
  }

  stop(): void {
    this.isOver = true;
    this.part.stop();
  }

  lookup(actor: string): Promise<Registration | undefined> {
    return this.perform({ does: 'lookup', actor }, this.limitMs);
  }

  async register(candidate: Registration, replaces?: string): Promise<Registration> {
    const { actor } = candidate;
    const operation: DirectoryOperation = {
      ...{ does: 'register', actor, candidate: travelling(candidate) },
      replaces: replaces ?? null,
    };
    return (await this.perform(operation, this.limitMs)) as Registration;
  }

  async unregister(actor: string, activation: string): Promise<void> {
    // It is not restored from here on, whether or not the owner can be told.
    this.part.own.remove(actor, activation);
    try {
      await this.perform({ does: 'unregister', actor, activation }, UNREGISTER_LIMIT_MS);
    } catch (error) {
      this.takeBack(actor, activation);
      throw error;
    }
  }

  depart(actor: string, activation: string): void {
    this.part.own.depart(actor, activation);
  }

  departed(actor: string, activation: string): void {
    if (this.part.own.remove(actor, activation)) this.takeBack(actor, activation);
  }

  /**
   * A range may be restored, or may have been, with an activation that has ended: this node has reported it before. While the node lives calls are sent to it, and one that is
   * stopping sends them away again; so the owner is told as soon as there is one that knows what is in the range.
   */
  private takeBack(actor: string, activation: string): void {
    this.parts.tasks.spawn(`take the registration of ${actor} back`, async () => {
      await this.perform({ does: 'unregister', actor, activation }, this.limitMs).catch(() => undefined);
    });
  }

  private perform(operation: DirectoryOperation, limitMs: number): Promise<Registration | undefined> {
    const registrations = this.part.of(rangeOf(operation.actor));
    // Whatever is this node's own needs no waiting.
    return registrations === undefined
      ? this.askUntilAnswered(operation, limitMs)
      : Promise.resolve(this.noted(operation, this.part.perform(operation, registrations)));
  }

  /** @throws MoonpoolError STORAGE_UNAVAILABLE */
  private async askUntilAnswered(operation: DirectoryOperation, limitMs: number): Promise<Registration | undefined> {
    const { time } = this.parts;
    const begin = time.now();
    const range = rangeOf(operation.actor);
    let executed: Executed = 'no';
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const attempt = await this.attempt(operation, range);
      if ('found' in attempt) return attempt.found;
      if (attempt.executed !== 'no') executed = 'maybe';
      const afterMs = time.now() - begin;
      if (this.isOver || afterMs >= limitMs) {
        const { why, cause } = attempt;
        const owner = this.part.owners.ownerOf(range);
        throw directoryUnavailable({ operation, owner, why, afterMs, executed, cause });
      }
      await time.sleep(pauseMs);
    }
  }

  /** Asks whoever owns the range now. @throws what no other attempt would mend. */
  private async attempt(operation: DirectoryOperation, range: number): Promise<Attempt> {
    const { local } = this.parts;
    const { part } = this;
    const registrations = part.of(range);
    if (registrations !== undefined) return { found: this.noted(operation, part.perform(operation, registrations)) };
    const owner = part.owners.ownerOf(range);
    if (owner !== undefined && !sameNode(owner, local.node)) return this.askOwner(operation, range, owner.address);
    if (owner === undefined) await this.refresh();
    return { why: owner === undefined ? 'has the cluster' : 'does not know yet what is in it', executed: 'no' };
  }

  private async askOwner(operation: DirectoryOperation, range: number, address: string): Promise<Attempt> {
    const { own, owners } = this.part;
    const mark = own.markOf(range);
    try {
      const { answer, view } = await this.lanes.ask(address, operation);
      if (answer === 'retry' || answer === 'refresh') {
        if (view > owners.view.version) await this.refresh();
        return { why: 'does not know yet what is in it', executed: 'no' };
      }
      // What was answered before this node has told what it has is not known to whoever has restored the range from that.
      if (operation.does === 'register' && own.markOf(range) !== mark)
        return { why: 'has changed meanwhile', executed: 'maybe' };
      return { found: this.noted(operation, answer === null ? undefined : arrived(operation.actor, answer)) };
    } catch (thrown) {
      const error = reasonIn(thrown);
      // What the owner cannot read is refused again and again. All else passes, with the owner if need be: one that stops has closed its services.
      if (isMoonpoolError(error, 'INVALID_OPTION')) throw error;
      await this.refresh();
      const executed = isMoonpoolError(error) ? error.executed : 'maybe';
      return { why: `did not answer (${reasonOf(error)})`, executed, cause: error };
    }
  }

  /** An activation of this node that holds the registration is restored with its range from here on. */
  private noted(operation: DirectoryOperation, found: Registration | undefined): Registration | undefined {
    if (operation.does === 'register' && found?.activation === operation.candidate.activation)
      this.part.own.confirm(found, operation.replaces ?? undefined);
    return found;
  }

  /** Without the store the view that there is must do. */
  private refresh(): Promise<void> {
    return this.parts.membership.refresh().catch(() => undefined);
  }
}
