import 'reflect-metadata';
import { container as globalContainer, type DependencyContainer, type InjectionToken } from 'tsyringe';
import { MoonpoolError } from '../errors/moonpool-error';
import type { Binding } from './binding';
import { BindingPlan, type WantedService } from './binding-plan';
import type { ContainerModule, NodePart } from './container-module';
import { ContributionList } from './contribution-list';
import { identifierName, Token, type ServiceIdentifier } from './token';

/** One part of a node that starts or stops. */
export interface PartStep {
  readonly step: 'start' | 'stop';
  /** What it is bound as. */
  readonly name: string;
  readonly module: string;
}

/** Stands around parts that start and stop and do not end at once: it may say so, or give up on them. */
export interface PartGuard {
  around(step: PartStep, work: Promise<void>): Promise<void>;
}

/** A part, and who has made it. */
interface MadePart {
  readonly part: NodePart;
  readonly name: string;
  readonly module: string;
}

const NOTHING: readonly never[] = Object.freeze([]);

/**
 * The container of one node. Every node has its own, with all bindings on it, for a singleton on a shared parent would
 * leak between nodes. All services are made when the container is, dependencies first, so that nothing is missing later
 * and no part captures a narrower scope; they start in that order and stop in the reverse order.
 */
export class NodeContainer {
  private readonly container: DependencyContainer = globalContainer.createChildContainer();
  private readonly bound = new Set<ServiceIdentifier<unknown>>();
  private readonly parts: MadePart[] = [];
  private started: MadePart[] = [];
  /** Stands around the start and the stop of each part; nobody does unless it is set. */
  guard: PartGuard | undefined;

  /** @throws MoonpoolError MISSING_BINDING, BINDING_CYCLE, DUPLICATE_BINDING, INVALID_MODULE */
  constructor(modules: readonly ContainerModule[] | BindingPlan, wanted: readonly WantedService[] = []) {
    const plan = modules instanceof BindingPlan ? modules : new BindingPlan(modules);
    for (const binding of plan.inOrder(wanted)) this.make(binding);
  }

  has(identifier: ServiceIdentifier<unknown>): boolean {
    return identifier instanceof ContributionList || this.bound.has(identifier);
  }

  get<T>(identifier: ServiceIdentifier<T>): T {
    // Nobody has contributed to it, and no part of this container reads it.
    if (identifier instanceof ContributionList && !this.bound.has(identifier)) return NOTHING as T;
    return this.container.resolve<T>(keyOf(identifier));
  }

  /** Starts the parts, dependencies first. When one fails, those already started are stopped and the error is thrown. */
  async start(): Promise<void> {
    for (const part of this.parts) {
      try {
        this.started.push(part);
        await this.take(part, 'start');
      } catch (error) {
        this.started.pop();
        // Why it did not start is what matters; that one of the others did not stop either is not.
        await this.stop().catch(() => undefined);
        throw error;
      }
    }
  }

  /** Stops the parts in the reverse order of their start. Every part is stopped; the first failure is thrown at the end. */
  async stop(): Promise<void> {
    const failures: unknown[] = [];
    for (let part = this.started.pop(); part !== undefined; part = this.started.pop()) {
      try {
        await this.take(part, 'stop');
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }

  private take({ part, name, module }: MadePart, step: PartStep['step']): Promise<void> | void {
    const work = part[step]?.();
    return work instanceof Promise && this.guard !== undefined ? this.guard.around({ step, name, module }, work) : work;
  }

  private make(binding: Binding): void {
    const resolved = binding.dependencies.map((dependency) => this.get(dependency as ServiceIdentifier<unknown>));
    const service = binding.create(...resolved);
    if (binding.made) refuseUnmade(binding, service);
    this.container.registerInstance(keyOf(binding.identifier), guarded(binding.identifier, service));
    this.bound.add(binding.identifier);
    if (binding.made && isNodePart(service))
      this.parts.push({ part: service, name: identifierName(binding.identifier), module: binding.module });
  }
}

/** What a factory leaves for later would be bound as it is, and whoever uses it would find a promise, or nothing. @throws MoonpoolError INVALID_MODULE */
function refuseUnmade({ identifier, module }: Binding, service: unknown): void {
  const isPromise = service instanceof Promise;
  if (isPromise) service.catch(() => undefined);
  if (!isPromise && service !== undefined && service !== null) return;
  throw new MoonpoolError('INVALID_MODULE', {
    message: `The module ${module} makes ${String(isPromise ? 'a promise' : service)} for ${identifierName(identifier)}`,
    remedy: isPromise
      ? 'A factory returns what it makes at once: await before the module is made, or in a method `start` of what it returns.'
      : 'Return what is to be bound.',
  });
}

function keyOf<T>(identifier: ServiceIdentifier<T>): InjectionToken<T> {
  return identifier instanceof Token ? identifier.symbol : (identifier as unknown as InjectionToken<T>);
}

function guarded(identifier: ServiceIdentifier<unknown>, service: unknown): unknown {
  return identifier instanceof Token ? identifier.guarded(service) : service;
}

function isNodePart(service: unknown): service is NodePart {
  if (typeof service !== 'object' || service === null) return false;
  const { start, stop } = service as { start?: unknown; stop?: unknown };
  return typeof start === 'function' || typeof stop === 'function';
}
