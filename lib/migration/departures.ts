import type { Lease } from '../cluster/lease';
import type { Location } from '../directory/location-cache';
import type { Registration } from '../directory/actor-directory';
import type { ActorId } from '../identity/actor-id';
import type { LocalNode } from '../identity/local-node';
import type { RpcClient } from '../rpc/rpc-client';
import type { NodeEndpoints } from '../services/node-endpoints';
import { MigrationService } from './migration-service';
import { adoptedActorIn, handedOverIn, type HandedOver } from './migration-requests';
import { reasonIn } from '../services/handler-reason';

/** An activation that takes no more turns, and waits until another node has taken its actor over. */
export interface LeavingActivation {
  readonly target: ActorId;
  readonly id: string;
  /** It waits no more. */
  readonly isOver: boolean;
}

/** What is needed to hand actors over. */
export interface DeparturesParts {
  readonly local: Pick<LocalNode, 'address'>;
  readonly lease: Pick<Lease, 'held'>;
  readonly endpoints: Pick<NodeEndpoints, 'connect'>;
  /** How long the other node is waited for, in milliseconds. */
  readonly limitMs: number;
}

interface Departure {
  readonly activation: LeavingActivation;
  readonly state: Uint8Array | undefined;
}

/**
 * The activations of this node that have stopped and wait for another node to take over. What they hand over is fetched from here by that node when it is registered:
 * if it is still to be had then, no other activation can have been in between, and so what is handed over is the newest there is.
 */
export class Departures {
  private readonly waiting = new Map<string, Departure>();

  constructor(private readonly parts: DeparturesParts) {}

  /** How many activations wait. */
  get size(): number {
    return this.waiting.size;
  }

  /** Asks the node whether it could take the actor over. Rejects with why not, and as requests to fixed endpoints do. */
  async ask({ path }: ActorId, { address }: Location): Promise<void> {
    try {
      await this.serviceAt(address).checkAdoption(path);
    } catch (error) {
      throw reasonIn(error);
    }
  }

  /**
   * Asks the node to take the actor over. Resolves to where it is then, and whether its state has arrived; rejects when that is not known to have happened.
   * @param state what is handed over; undefined when there is nothing.
   */
  async send(
    activation: LeavingActivation,
    state: Uint8Array | undefined,
    to: Location,
  ): Promise<{ readonly place: Registration; readonly isCarried: boolean }> {
    const { local } = this.parts;
    const { id, target } = activation;
    const { path } = target;
    this.waiting.set(id, { activation, state });
    try {
      const answer = await this.serviceAt(to.address).adopt({ path, activation: id, address: local.address });
      const { name, incarnation, isCarried, activation: next } = adoptedActorIn(answer);
      return {
        place: { actor: path, activation: next, node: { name, incarnation }, address: to.address },
        isCarried,
      };
    } catch (error) {
      throw reasonIn(error);
    } finally {
      this.waiting.delete(id);
    }
  }

  /**
   * What the activation hands over, for whoever is registered in its place. Without a lease nothing is: another node may have taken this one for dead, and
   * the actor may have had turns elsewhere.
   */
  handOver(activation: string): HandedOver {
    const departure = this.waiting.get(activation);
    if (departure === undefined || departure.activation.isOver || !this.parts.lease.held)
      return { isWaiting: false, state: null };
    return { isWaiting: true, state: departure.state ?? null };
  }

  /** Asks the node at the address for what the activation hands over. */
  async fetch(activation: string, address: string): Promise<HandedOver> {
    return handedOverIn(await this.serviceAt(address).handOver(activation));
  }

  private serviceAt(address: string): RpcClient<MigrationService> {
    const { endpoints, limitMs } = this.parts;
    return endpoints.connect(MigrationService, address).$with({ timeoutMs: limitMs });
  }
}
