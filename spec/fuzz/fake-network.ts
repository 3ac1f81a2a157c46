import { MoonpoolError } from '../../lib/errors/moonpool-error';
import type { NetworkAddress } from '../../lib/identity/network-address';
import type {
  Connection,
  ConnectionHandlers,
  NetworkListener,
  NetworkProvider,
} from '../../lib/providers/network-provider';

/** One side of a stream that a spec holds in its hand: it says what arrives, and looks at what is sent. */
export class HandConnection implements Connection {
  readonly remoteAddress = '127.0.0.1:1';
  isCut = false;
  private handlers: ConnectionHandlers | undefined;

  /** @param onWritten is given what the other side writes. */
  constructor(public onWritten: (bytes: Uint8Array) => void = () => undefined) {}

  start(handlers: ConnectionHandlers): void {
    this.handlers = handlers;
  }

  /** Hands bytes to whoever accepted the connection. */
  deliver(bytes: Uint8Array): void {
    if (!this.isCut) this.handlers?.onData(bytes);
  }

  write(bytes: Uint8Array): boolean {
    if (!this.isCut) this.onWritten(bytes);
    return true;
  }

  end(): void {
    this.destroy();
  }

  destroy(): void {
    if (this.isCut) return;
    this.isCut = true;
    queueMicrotask(() => this.handlers?.onClose());
  }

  pause(): void {
    // What is delivered by hand is delivered.
  }

  resume(): void {
    // Nothing waits.
  }
}

/** A network of which a spec holds all connections in its hand. */
export class HandNetwork implements NetworkProvider {
  private accept: (connection: Connection) => void = () => undefined;

  listen(address: NetworkAddress, accept: (connection: Connection) => void): Promise<NetworkListener> {
    this.accept = accept;
    return Promise.resolve({ address, close: () => Promise.resolve() });
  }

  connect(): Promise<Connection> {
    return Promise.reject(new MoonpoolError('CONNECTION_REFUSED', { message: 'Nobody listens in this network' }));
  }

  isExposed(): boolean {
    return false;
  }

  /** Somebody connects. */
  open(): HandConnection {
    const connection = new HandConnection();
    this.accept(connection);
    return connection;
  }
}
