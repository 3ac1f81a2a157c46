import { planActorFactory } from '../activation/actor-factory';
import { Catalog } from '../activation/catalog';
import { ActorContext } from '../actor/actor-context';
import { Actors, Observers } from '../actor/known-classes';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { makeName } from '../handshake/node-name';
import { LocalNode, type NodeRole } from '../identity/local-node';
import { BindingPlan, type WantedService } from '../injection/binding-plan';
import type { ContainerModule } from '../injection/container-module';
import { NodeContainer } from '../injection/node-container';
import { describeCopies } from '../injection/package-copies';
import { KnownActors, type ActorDescriptor } from '../metadata/actor-descriptor';
import { describeActors } from '../metadata/discovery';
import { unseenParameters } from '../metadata/unseen-parameters';
import { core } from '../modules/core';
import { memory } from '../modules/memory';
import { nodeProviders } from '../modules/node-providers';
import { InspectionPages, type InspectionPage } from '../observability/inspection-page';
import { Logger } from '../observability/logger';
import { Metrics, ObservedMetrics } from '../observability/metrics';
import { StateRegistry } from '../observability/state-registry';
import { HostProvider } from '../providers/host-provider';
import { RandomProvider } from '../providers/random-provider';
import { givenOptions } from './given-options';
import type { StartOptions } from './runtime-options';
import { lifecycleWatchOf } from './lifecycle-watch';
import { planStorages, unchosenStorage } from './storage-plan';

/** All parts of one process, made and connected, of which none has started. */
export interface AssembledNode {
  readonly local: LocalNode;
  readonly container: NodeContainer;
}

/**
 * Makes the parts of a node or a client from the modules: the defaults, what the runtime was given, and those of the user, which win.
 * @throws MoonpoolError that says everything that is wrong with the modules and the actor classes.
 */
export function assembleNode(role: NodeRole, options: StartOptions): AssembledNode {
  const local = new LocalNode(role, options.namespace, options.name ?? (role === 'node' ? undefined : 'client'));
  const given = options.modules ?? [];
  const own = given.filter((module) => isFor(module, role));
  const plan = new BindingPlan([nodeProviders(), memory(), givenOptions(local, options), core(role), ...own]);
  for (const module of given) if (!isFor(module, role)) plan.report(misplaced(module, role));
  const hosted = declareActors(plan);
  if (role === 'node') planStorages(plan, hosted);
  const container = new NodeContainer(plan, role === 'node' ? wantedBy(hosted) : []);
  container.guard = lifecycleWatchOf(
    container,
    own.map(({ name }) => name),
  );
  if (role === 'node' && options.name === undefined) nameItself(local, container);
  // Clients are no members; a random incarnation keeps the call ids of two clients of one name apart.
  if (role === 'client') local.join({ name: local.name, incarnation: container.get(RandomProvider).uint32() });
  else hostActors(container, hosted);
  const copies = describeCopies();
  if (copies !== undefined) container.get(Logger).warn(copies);
  const unseen = role === 'node' ? unseenParameters(hosted) : undefined;
  if (unseen !== undefined) container.get(Logger).info(unseen);
  const unchosen = role === 'node' ? unchosenStorage(plan, hosted, own) : undefined;
  if (unchosen !== undefined) container.get(Logger).warn(unchosen);
  const registry = container.get(StateRegistry);
  const metrics = container.get(Metrics);
  for (const observed of container.get(ObservedMetrics)) metrics.observe(observed);
  publishPages(container.get(InspectionPages), registry, container.get(Logger));
  return { local, container };
}

/** Of two pages under one key the later one is shown, which whoever looks for the other one should know. */
function publishPages(pages: readonly InspectionPage[], registry: StateRegistry, logger: Logger): void {
  const published = new Set<string>();
  for (const { key } of pages) {
    if (published.has(key)) logger.warn('a page of a module is shown in place of another of its key', { key });
    published.add(key);
  }
  for (const page of pages) registry.publish(page.key, () => page.read());
}

function isFor(module: ContainerModule, role: NodeRole): boolean {
  return module.role === undefined || module.role === role;
}

function misplaced({ name, role: meant }: ContainerModule, role: NodeRole): MoonpoolError {
  return new MoonpoolError('INVALID_MODULE', {
    message: `The module ${name} was given to a ${role}, and is for a ${meant}`,
    remedy: `Leave it out here: a ${meant} is made by ${meant === 'client' ? 'ActorRuntime.connect' : 'ActorRuntime.start'}.`,
  });
}

/**
 * Reads the declarations of all classes that the modules have contributed, and binds them. One that two modules need is one.
 * Mistakes are noted in the plan. @returns the actors among them, which a node hosts.
 */
function declareActors(plan: BindingPlan): readonly ActorDescriptor[] {
  let known: KnownActors = new Map();
  try {
    known = describeActors([...new Set(plan.valuesOf(Actors))], [...new Set(plan.valuesOf(Observers))]);
  } catch (error) {
    if (!isMoonpoolError(error)) throw error;
    plan.report(error);
  }
  plan.load({ name: 'the declarations of classes', load: (bind) => bind(KnownActors).toValue(known) });
  return [...known.values()].filter(({ addressing }) => addressing.isHosted);
}

/** What actor classes ask of the container, so that everything missing is reported before anything starts. */
function wantedBy(descriptors: readonly ActorDescriptor[]): readonly WantedService[] {
  return descriptors.flatMap(({ type, dependencies }) =>
    dependencies
      .filter((identifier) => identifier !== ActorContext)
      .map((identifier) => ({ identifier, by: `the constructor of ${type.name}` })),
  );
}

/** The name is needed before the address is known, and must not be that of any other process. */
function nameItself(local: LocalNode, container: NodeContainer): void {
  local.call(makeName(container.get(HostProvider), container.get(RandomProvider)));
  container.get(Logger).info('this node was given no name and has made one', { name: local.name });
}

function hostActors(container: NodeContainer, descriptors: readonly ActorDescriptor[]): void {
  const catalog = container.get(Catalog);
  for (const descriptor of descriptors) {
    catalog.host(
      descriptor,
      planActorFactory(descriptor, (identifier) => container.get(identifier)),
    );
  }
}
