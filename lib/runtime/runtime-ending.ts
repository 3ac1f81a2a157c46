import { Catalog } from '../activation/catalog';
import type { Fencing } from '../cluster/fencing';
import { Membership } from '../cluster/membership';
import { inCleanContext } from '../concurrency/clean-context';
import { Deferred } from '../concurrency/deferred';
import { MoonpoolError } from '../errors/moonpool-error';
import type { LocalNode } from '../identity/local-node';
import type { NodeContainer } from '../injection/node-container';
import { MessageBus } from '../messaging/message-bus';
import { Logger } from '../observability/logger';
import { HostProvider, type ProcessSignal } from '../providers/host-provider';
import { Transport } from '../transport/transport';
import { shutDownOn } from './shutdown-signals';
import type { StartupSequence } from './startup-tasks';

/** Why a runtime ended. */
export interface Termination {
  /** `shutdown`: it was asked to. `fenced`: it lost its place in the cluster and stopped serving. */
  readonly reason: 'shutdown' | 'fenced';
  /** A sentence for a log. */
  readonly description: string;
}

/** The end of a runtime, which comes once: because it is asked to end, or because it loses its place in the cluster. */
export class RuntimeEnding {
  private readonly termination = new Deferred<Termination>();
  private running: Promise<void> | undefined;
  private isOver = false;
  private lost: string | undefined;

  constructor(
    private readonly container: NodeContainer,
    private readonly local: LocalNode,
    private readonly startup: StartupSequence,
  ) {
    void this.termination.promise.then(() => (this.isOver = true));
    container.get(Membership).onFenced((fencing) => this.fence(fencing));
  }

  /** Settles when the runtime has ended. */
  get terminated(): Promise<Termination> {
    return this.termination.promise;
  }

  get hasBegun(): boolean {
    return this.running !== undefined;
  }

  get hasEnded(): boolean {
    return this.isOver;
  }

  /** Why the process has lost its place in the cluster; undefined while it has not. */
  get fenced(): string | undefined {
    return this.lost;
  }

  /** Ends in order; resolves when that is done, as it does for whoever asked before. */
  shutdown(): Promise<void> {
    this.running ??= inCleanContext(() => this.drain());
    return this.running;
  }

  /** @returns what ends the listening. @throws MoonpoolError INVALID_OPTION */
  listenFor(signals: readonly ProcessSignal[], shutDown: () => Promise<void>): () => void {
    const [host, logger] = [this.container.get(HostProvider), this.container.get(Logger)];
    return shutDownOn(signals, { host, logger, terminated: this.terminated, shutDown });
  }

  private async drain(): Promise<void> {
    try {
      await this.startup.stop();
      await this.container.get(Membership).leave();
      await this.container.stop();
    } finally {
      this.termination.resolve({ reason: 'shutdown', description: 'the runtime was shut down' });
    }
  }

  /** The node has no right to serve any more: it stops at once and says nothing, not even goodbye. */
  private fence({ why, remedy }: Fencing): void {
    if (this.running !== undefined) return;
    const { container, local } = this;
    const logger = container.get(Logger);
    const message = `The node ${local.toString()} stopped serving: ${why}`;
    this.lost = message;
    logger.warn(message);
    if (local.role === 'node') container.get(Catalog).dropAll({ code: 'fenced', description: message });
    container.get(MessageBus).end(why, remedy);
    container.get(Transport).cutAll(new MoonpoolError('NODE_FENCED', { message, executed: 'maybe', remedy }));
    this.running = this.startup
      .stop()
      .then(() => container.stop())
      .finally(() => this.termination.resolve({ reason: 'fenced', description: message }));
    this.running.catch((error: unknown) => logger.error('a part of the node could not be stopped', error));
  }
}
