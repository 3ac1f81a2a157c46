import type { Socket } from 'node:net';
import type { MoonpoolError } from '../../errors/moonpool-error';
import { formatAddress, type NetworkAddress } from '../../identity/network-address';
import type { Connection, ConnectionHandlers } from '../network-provider';
import { networkError } from './node-network-error';

/** A paused socket of Node.js, connected, as a connection. */
export class NodeConnection implements Connection {
  readonly remoteAddress: string;
  private failure: MoonpoolError | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly kind: NetworkAddress['kind'],
  ) {
    this.remoteAddress = remoteAddressOf(socket, kind);
    // An error before `start` must not end the process; it is told when the owner has said whom to tell.
    socket.on('error', (cause) => {
      this.failure ??= networkError(cause, `The connection with ${this.remoteAddress} broke`, 'maybe');
    });
  }

  start(handlers: ConnectionHandlers): void {
    const { socket } = this;
    const tellClosed = () => handlers.onClose(this.failure);
    if (socket.destroyed) {
      setImmediate(tellClosed);
      return;
    }
    socket.on('data', (chunk: Buffer) => handlers.onData(chunk));
    socket.on('drain', () => handlers.onDrain?.());
    socket.on('end', () => handlers.onEnd?.());
    socket.once('close', tellClosed);
    socket.resume();
  }

  write(bytes: Uint8Array): boolean {
    return this.socket.writable ? this.socket.write(bytes) : false;
  }

  end(): void {
    this.socket.end();
  }

  destroy(): void {
    // A reset tells the other side that bytes may be missing; an orderly end would pass for one. Unix sockets have none.
    if (this.kind === 'tcp') this.socket.resetAndDestroy();
    else this.socket.destroy();
  }

  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }
}

function remoteAddressOf({ remoteAddress, remotePort }: Socket, kind: NetworkAddress['kind']): string {
  if (kind === 'unix') return 'unix';
  // The other side may have cut the connection before it was accepted here.
  if (remoteAddress === undefined || remotePort === undefined) return 'unknown';
  return formatAddress({ kind: 'tcp', host: remoteAddress, port: remotePort });
}
