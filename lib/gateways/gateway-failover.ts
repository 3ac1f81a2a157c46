import { MoonpoolError, isMoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { isRefusal as isHandshakeRefusal } from '../handshake/refusal';
import type { Logger } from '../observability/logger';
import type { RandomProvider } from '../providers/random-provider';
import type { StoreOperation } from '../providers/store-operations';
import type { TimeProvider } from '../providers/time-provider';
import type { RpcClient } from '../rpc/rpc-client';
import { reasonIn } from '../services/handler-reason';
import type { NodeEndpoints } from '../services/node-endpoints';
import { ServiceClients } from '../services/service-clients';
import type { Peer } from '../transport/peer';
import { GatewayService } from './gateway-service';

/** How gateways are asked. */
export interface GatewayFailoverParts {
  readonly endpoints: Pick<NodeEndpoints, 'connect'>;
  readonly transport: { peer(address: string): Pick<Peer, 'hasten' | 'retryInMs'> };
  readonly time: TimeProvider;
  readonly random: RandomProvider;
  readonly logger: Logger;
  /** The addresses of the gateways that are known from the beginning. */
  readonly addresses: readonly string[];
  /** How long one of them is waited for, in milliseconds. */
  readonly attemptMs: number;
}

/** How long a client that has had answers waits for a gateway to come back before it says that there is none, in milliseconds. */
const WAIT_MS = 5_000;

/** Those for whom it waits are tried again this long after the last attempt has failed, in milliseconds: somewhere between the half of it and the whole. */
const TRY_AGAIN_MS = 500;

/** No attempt follows the one before it sooner than that, in milliseconds. */
const LEAST_WAIT_MS = 10;

/** How many gateways a message names at most. */
const MOST_NAMED = 5;

/**
 * The nodes that a client asks in place of the store: one of them for as long as it answers, then another. Beside those that it was given, it knows all members of
 * the last view, so that it goes on when all of the first are gone.
 */
export class GatewayFailover {
  /** Who has answered last. */
  private present: string | undefined;
  /** Those that were given, from one of them on, so that clients divide themselves among them. */
  private readonly given: readonly string[];
  private members: readonly string[] = [];
  private readonly gateways: ServiceClients<GatewayService>;

  constructor(private readonly parts: GatewayFailoverParts) {
    const { addresses, random, endpoints, attemptMs } = parts;
    this.gateways = new ServiceClients(endpoints, GatewayService, attemptMs);
    const first = random.below(addresses.length);
    this.given = [...addresses.slice(first), ...addresses.slice(0, first)];
  }

  /** These are members too. */
  know(addresses: readonly string[]): void {
    this.members = addresses;
    this.gateways.keep([...this.given, ...addresses]);
  }

  /**
   * Asks one gateway after another until one answers. A request that changes something, and that may have been executed, is asked of no other. Where none can be
   * reached, and one has answered before, they are tried again for a while: a gateway that starts again is back in a moment.
   * @throws MoonpoolError STORAGE_UNAVAILABLE, or what the gateway's own store said.
   */
  async ask<T>(operation: StoreOperation, request: (gateway: RpcClient<GatewayService>) => Promise<T>): Promise<T> {
    const until = this.parts.time.now() + WAIT_MS;
    for (;;) {
      const failures: Failure[] = [];
      const answer = await this.askEach(operation, request, failures);
      if (answer !== undefined) return answer.value;
      if (!this.mayComeBack(failures)) throw noneAnswered(operation, failures);
      const waitMs = this.nextAttemptMs(failures);
      if (this.parts.time.now() + waitMs > until) throw noneAnswered(operation, failures);
      await this.parts.time.sleep(waitMs);
    }
  }

  /** The answer of the first that gives one; undefined when none does. @param failures takes why not. */
  private async askEach<T>(
    operation: StoreOperation,
    request: (gateway: RpcClient<GatewayService>) => Promise<T>,
    failures: Failure[],
  ): Promise<{ readonly value: T } | undefined> {
    for (const address of this.inOrder()) {
      try {
        const value = await request(this.gateways.at(address));
        this.prefer(address);
        return { value };
      } catch (thrown) {
        const error = reasonIn(thrown);
        if (isRefusal(error)) throw error;
        failures.push({ address, error });
        if (operation.reads !== true && !isUndone(error)) break;
      }
    }
    return undefined;
  }

  /** Nobody is there at any of the addresses, and somebody was: what else is wrong does not pass by itself. */
  private mayComeBack(failures: readonly Failure[]): boolean {
    return (
      this.present !== undefined &&
      failures.every(
        ({ error }) =>
          isMoonpoolError(error, 'NODE_UNREACHABLE') && isUndone(error) && !isHandshakeRefusal(innerOf(error)),
      )
    );
  }

  /** How long until the first of them is tried again, in milliseconds. */
  private nextAttemptMs(failures: readonly Failure[]): number {
    const { random, transport } = this.parts;
    const waits = failures.map(({ address }) => {
      const peer = transport.peer(address);
      peer.hasten(TRY_AGAIN_MS * (0.5 + random.fraction() / 2));
      return peer.retryInMs;
    });
    return Math.max(LEAST_WAIT_MS, Math.min(...waits));
  }

  private inOrder(): readonly string[] {
    const { present, given, members } = this;
    return [...new Set([...(present === undefined ? [] : [present]), ...given, ...members])];
  }

  private prefer(address: string): void {
    const before = this.present;
    this.present = address;
    if (before !== undefined && before !== address)
      this.parts.logger.info('another gateway is asked from now on', { gateway: address, before });
  }
}

interface Failure {
  readonly address: string;
  readonly error: unknown;
}

/** What the store itself says, or what is wrong with the request: another gateway would say the same. */
function isRefusal(error: unknown): boolean {
  if (!isMoonpoolError(error)) return false;
  const isOfStore = error.code.startsWith('STORAGE_');
  // The store of a gateway that cannot reach it, or whose file was exchanged, may be there for others.
  const isOfGateway = error.code === 'STORAGE_UNAVAILABLE' || error.code === 'STORAGE_REPLACED';
  return (isOfStore && !isOfGateway) || error.code === 'INVALID_OPTION';
}

/** A request that was not sent says so, and why behind that. */
function innerOf(error: unknown): unknown {
  return isMoonpoolError(error) && isMoonpoolError(error.cause) ? error.cause : error;
}

function isUndone(error: unknown): boolean {
  return isMoonpoolError(error) && error.executed === 'no';
}

function noneAnswered({ does }: StoreOperation, failures: readonly Failure[]): MoonpoolError {
  const named = failures.slice(0, MOST_NAMED).map(({ address, error }) => `${address} (${reasonOf(innerOf(error))})`);
  const more = failures.length > MOST_NAMED ? ` and ${failures.length - MOST_NAMED} more` : '';
  return new MoonpoolError('STORAGE_UNAVAILABLE', {
    message: `No gateway could ${does}: ${named.join(', ')}${more}`,
    executed: failures.every(({ error }) => isUndone(error)) ? 'no' : 'maybe',
    remedy: remedyOf(failures.map(({ error }) => innerOf(error))),
    cause: failures[0]?.error,
  });
}

/** Where every gateway has refused the connection, that they run is known, and what is wrong is how one of the two sides is set up. */
function remedyOf(reasons: readonly unknown[]): string {
  const [first] = reasons;
  if (isHandshakeRefusal(first) && reasons.every(isHandshakeRefusal)) return first.remedy;
  return 'Look whether the nodes run and can be reached from here; `gateways` takes the addresses of several.';
}
