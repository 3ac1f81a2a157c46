import type { MoonpoolError } from '../errors/moonpool-error';
import type { NetworkAddress } from '../identity/network-address';
import { token } from '../injection/token';

/** What the owner of a connection is given. No callback runs within a call of the connection's own methods. */
export interface ConnectionHandlers {
  /** Bytes arrived, split anywhere. The chunk is the receiver's to keep. */
  onData(chunk: Uint8Array): void;
  /** The send buffer has room again after `write` returned false. */
  onDrain?(): void;
  /** The other side sends no more; this side may still write. */
  onEnd?(): void;
  /** The connection is gone; told once, and last. Without an error it was closed in order by both sides. */
  onClose(error?: MoonpoolError): void;
}

/** A stream of bytes in both directions: lossless and in order until it is cut. */
export interface Connection {
  /** The address of the other side as seen here: of an accepted connection, not the address it listens on. */
  readonly remoteAddress: string;
  /** Begins to deliver to the handlers. Nothing is delivered, and nothing is lost, before this is called. */
  start(handlers: ConnectionHandlers): void;
  /**
   * Hands bytes over to be sent; the caller does not change them afterwards. False asks the caller to wait for
   * `onDrain`; the bytes are taken all the same. Does nothing on a connection that is gone.
   */
  write(bytes: Uint8Array): boolean;
  /** Sends what was written, then says that no more will come. */
  end(): void;
  /** Cuts the connection at once; what was not sent is lost. `onClose` is told. */
  destroy(): void;
  /** Stops delivering data until `resume`, so that the sender feels back-pressure. */
  pause(): void;
  resume(): void;
}

/** An address that accepts connections. */
export interface NetworkListener {
  /** The address listened on; where port 0 was asked for, the port that was given. */
  readonly address: NetworkAddress;
  /** Accepts no more; connections that were accepted live on. */
  close(): Promise<void>;
}

/** The network as one node sees it. */
export interface NetworkProvider {
  /**
   * @param refused is notified of those who came and of whom no connection was made, because they had no certificate that counts.
   * @throws MoonpoolError ADDRESS_IN_USE, CONNECTION_FAILED
   */
  listen(
    address: NetworkAddress,
    accept: (connection: Connection) => void,
    refused?: (host: string, error: MoonpoolError) => void,
  ): Promise<NetworkListener>;
  /** @throws MoonpoolError CONNECTION_REFUSED, CONNECTION_FAILED, TLS_FAILED */
  connect(address: NetworkAddress): Promise<Connection>;
  /** Whether somebody outside of this machine can connect to what listens there, without showing a certificate or trusting one. */
  isExposed(address: NetworkAddress): boolean;
}
export const NetworkProvider = token<NetworkProvider>('NetworkProvider');
