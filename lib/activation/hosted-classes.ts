import { MoonpoolError } from '../errors/moonpool-error';
import { nearestName } from '../errors/nearest-name';
import type { ActorId } from '../identity/actor-id';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import type { ActivationParts } from './activation';

/** An actor class that a node hosts. */
export interface HostedClass {
  readonly descriptor: ActorDescriptor;
  /** What all its activations share. */
  readonly parts: ActivationParts;
}

/** The actor classes that a node hosts, by their wire names. */
export class HostedClasses {
  private readonly types = new Map<string, HostedClass>();

  add(type: HostedClass): void {
    this.types.set(type.descriptor.name, type);
  }

  get(name: string): HostedClass | undefined {
    return this.types.get(name);
  }

  /** The shortest time after which an actor of one of them is idle, in milliseconds; Infinity when there are none. */
  shortestIdleMs(otherwiseMs: number): number {
    const limits = [...this.types.values()].map(({ descriptor }) => descriptor.options.idleTimeoutMs ?? otherwiseMs);
    return Math.min(Infinity, ...limits);
  }

  /** For whoever calls an actor of a class that is not among them. @param node for the message. */
  unknown(target: ActorId, node: string): MoonpoolError {
    const known = [...this.types.keys()];
    const meant = nearestName(target.type, known);
    const hint = meant === undefined ? `it hosts ${known.join(', ') || 'none'}` : `did you mean '${meant}'?`;
    const message = `The node ${node} does not host the actor type '${target.type}' of ${target.path}; ${hint}`;
    return new MoonpoolError('UNKNOWN_ACTOR', { message });
  }
}
