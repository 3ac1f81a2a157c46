import { describeValue } from '../errors/describe-value';
import { MoonpoolError } from '../errors/moonpool-error';
import { ActorId } from '../identity/actor-id';
import { observerKey } from '../identity/observer-key';
import type { Probe } from '../calls/probe';
import type { DeliveryPort, ObserverReceiver, Request } from '../calls/request';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import { OBSERVER_METRICS } from '../observability/metric-catalogue';
import { RunQueue } from '../scheduling/run-queue';
import type { HostingParts } from '../activation/hosting-parts';
import { HostedObserver } from './hosted-observer';
import type { ObserverLinks } from './observer-links';
import { AnswerWatch } from '../turns/answer-watch';
import type { TurnLoop } from '../turns/turn-loop';
import type { TurnLoopParts } from '../turns/turn-owner';
import { WatchedTurns } from '../turns/watched-turns';

/** What the host of observers needs from its process. */
export interface ObserverHostParts extends HostingParts {
  readonly port: DeliveryPort;
  readonly links: ObserverLinks;
  /** The classes of observers that this process knows, by their wire names. */
  readonly descriptors: ReadonlyMap<string, ActorDescriptor>;
}

/** The objects of this process that actors call, by the paths of their ids. */
export class ObserverHost implements ObserverReceiver {
  private readonly observers = new Map<string, HostedObserver>();
  private readonly turnParts: TurnLoopParts;
  private readonly watched: WatchedTurns;
  private last = 0;
  private isOver = false;

  constructor(private readonly parts: ObserverHostParts) {
    const { time, tasks, options, buggify, events, logger, refusals } = parts;
    // An actor that waits for an observer waits for whomever that asks.
    this.watched = new WatchedTurns({ ...parts, loopsOf: (path) => this.loopsOf(path) });
    this.turnParts = {
      runQueue: new RunQueue(time, tasks, options.turnQuantumMs, buggify),
      // Those who notify are actors, whose nodes have taken their calls; here the mailboxes alone are limited.
      load: { waiting: 0 },
      time,
      refusals,
      running: this.watched.running,
      turnCounters: parts.metrics.bind(OBSERVER_METRICS),
      setting: {
        events,
        time,
        filters: parts.filters,
        tracksTurns: true,
        answers: new AnswerWatch(logger),
        mayServe: () => true,
      },
      mayServe: () => true,
    };
    // Whoever knows no class of observers need not be asked at each request.
    if (parts.descriptors.size > 0) parts.port.connectObservers(this);
  }

  /** How many objects observe. */
  get size(): number {
    return this.observers.size;
  }

  claims(type: string): boolean {
    return this.parts.descriptors.has(type);
  }

  /** Lets the object be called from now on. @throws MoonpoolError UNKNOWN_ACTOR, RUNTIME_NOT_READY after the end */
  add(instance: object): HostedObserver {
    if (this.isOver)
      throw new MoonpoolError('RUNTIME_NOT_READY', {
        message: `${describeValue(instance)} cannot observe: the runtime was shut down, and nobody reaches it any more`,
      });
    const descriptor = this.descriptorOf(instance);
    if (descriptor === undefined) {
      throw new MoonpoolError('UNKNOWN_ACTOR', {
        message: `runtime.observe was given ${describeValue(instance)}, whose class is not among the observers of this runtime`,
        remedy:
          'Mark the class with @Observer and list it under `observers` where the runtime is started or connected.',
      });
    }
    const { local, options } = this.parts;
    const id = ActorId.of(local.cluster, descriptor.name, observerKey(local, ++this.last));
    const capacity = descriptor.options.mailboxCapacity ?? options.mailboxCapacity;
    const observer = new HostedObserver(id, descriptor, instance, capacity, this.turnParts);
    this.observers.set(id.path, observer);
    this.parts.links.keep(() => this.observers.size > 0);
    return observer;
  }

  /** Of its class, or of the nearest that this extends: what is told to an object of a subclass is what its class takes. */
  private descriptorOf(instance: unknown): ActorDescriptor | undefined {
    if (typeof instance !== 'object' || instance === null) return undefined;
    for (
      let level = Object.getPrototypeOf(instance) as object | null;
      level !== null;
      level = Object.getPrototypeOf(level) as object | null
    ) {
      for (const descriptor of this.parts.descriptors.values())
        if (descriptor.type.prototype === level) return descriptor;
    }
    return undefined;
  }

  /** Lets it be called no more. */
  remove(id: ActorId): void {
    const observer = this.observers.get(id.path);
    this.observers.delete(id.path);
    observer?.end(gone(id.path));
  }

  stop(): void {
    this.isOver = true;
    this.watched.running.stop();
    for (const observer of this.observers.values()) this.remove(observer.target);
  }

  has(path: string): boolean {
    return this.observers.has(path);
  }

  follow(path: string, call: string, probe: Probe): void {
    this.watched.deadlocks.follow(path, call, probe);
  }

  receive(request: Request): void {
    const observer = this.observers.get(request.target.path);
    if (observer === undefined) request.reply.error(gone(request.target.path));
    else observer.receive(request);
  }

  private loopsOf(path: string): readonly TurnLoop[] {
    const observer = this.observers.get(path);
    return observer === undefined ? [] : [observer.loop];
  }
}

function gone(path: string): MoonpoolError {
  return new MoonpoolError('OBSERVER_GONE', { message: `Nobody observes as ${path} any more` });
}
