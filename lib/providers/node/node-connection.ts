import type { Socket } from 'node:net';
import { MoonpoolError } from '../../errors/moonpool-error';
import { formatAddress, type NetworkAddress } from '../../identity/network-address';
import type { Connection, ConnectionHandlers } from '../network-provider';
import { BudgetedInput } from './budgeted-input';
import { networkError } from './node-network-error';
import type { ReadBudget } from './read-budget';

/** Whether a connection is one of TLS, and which side of it. */
export type TlsSide = 'none' | 'dialled' | 'accepted';

/** A paused socket of Node.js, connected, as a connection. */
export class NodeConnection implements Connection {
  readonly remoteAddress: string;
  private failure: MoonpoolError | undefined;
  private wasHeard = false;
  private input: BudgetedInput | undefined;

  /** @param budget that of all connections of the provider. */
  constructor(
    private readonly socket: Socket,
    private readonly kind: NetworkAddress['kind'],
    private readonly tls: TlsSide,
    private readonly budget: ReadBudget,
  ) {
    this.remoteAddress = remoteAddressOf(socket, kind);
    // An error before `start` must not end the process; it is reported when the owner has said to whom.
    socket.on('error', (cause) => {
      this.failure ??= networkError(cause, `The connection with ${this.remoteAddress} broke`, 'maybe');
    });
  }

  start(handlers: ConnectionHandlers): void {
    const { socket } = this;
    const input = new BudgetedInput(socket, this.budget, handlers, () => {
      if (this.tls === 'dialled' && !this.wasHeard) this.wasNotLetIn();
      else handlers.onEnd?.();
    });
    this.input = input;
    const tellClosed = (): void => {
      input.close();
      handlers.onClose(this.failure);
    };
    if (socket.destroyed) {
      setImmediate(tellClosed);
      return;
    }
    socket.on('data', (chunk: Buffer) => {
      this.wasHeard = true;
      input.data(chunk);
    });
    socket.on('drain', () => handlers.onDrain?.());
    socket.on('end', () => input.end());
    socket.once('close', tellClosed);
    socket.resume();
  }

  /** TLS 1.3 is done for the side that dialled before the other side has looked at its certificate, and Node.js says nothing more. */
  private wasNotLetIn(): void {
    const message = `${this.remoteAddress} ended the connection before it said anything, as it does when it does not accept the certificate of this side`;
    this.failure ??= new MoonpoolError('TLS_FAILED', { message });
    this.socket.destroy();
  }

  write(bytes: Uint8Array): boolean {
    return this.socket.writable ? this.socket.write(bytes) : false;
  }

  end(): void {
    this.socket.end();
  }

  destroy(): void {
    // A reset tells the other side that bytes may be missing; an orderly end would pass for one. Unix sockets have none,
    // and a stream of TLS that ends without its own farewell is known to be cut.
    if (this.kind === 'tcp' && this.tls === 'none') this.socket.resetAndDestroy();
    else this.socket.destroy();
  }

  pause(): void {
    this.input?.pause();
  }

  resume(): void {
    this.input?.resume();
  }
}

function remoteAddressOf({ remoteAddress, remotePort }: Socket, kind: NetworkAddress['kind']): string {
  if (kind === 'unix') return 'unix';
  // The other side may have cut the connection before it was accepted here.
  if (remoteAddress === undefined || remotePort === undefined) return 'unknown';
  return formatAddress({ kind: 'tcp', host: remoteAddress, port: remotePort });
}
