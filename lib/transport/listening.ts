import { MoonpoolError } from '../errors/moonpool-error';
import { formatAddress, type NetworkAddress } from '../identity/network-address';
import type { Logger } from '../observability/logger';
import type { Connection, NetworkListener, NetworkProvider } from '../providers/network-provider';
import { localSocketOf, type LinkKind } from '../connection/link';

/** What is needed to listen. */
export interface ListeningParts {
  readonly network: NetworkProvider;
  /** Listens also where nobody who connects has to prove anything and strangers can connect. */
  readonly isOpen: boolean;
  readonly localSocketFolder: string | undefined;
  readonly logger: Logger;
  readonly accept: (stream: Connection, kind: LinkKind) => void;
}

/** Where a node listens: at its address, and at a Unix socket beside it for processes of its machine. */
export class Listening {
  private listener: NetworkListener | undefined;
  private localListener: NetworkListener | undefined;

  constructor(private readonly parts: ListeningParts) {}

  /** The host that is listened on; the empty string where there is none. */
  get host(): string {
    return this.listener?.address.kind === 'tcp' ? this.listener.address.host : '';
  }

  /**
   * Begins, and returns the address with the port that was given.
   * @throws MoonpoolError UNPROTECTED_ADDRESS, ADDRESS_IN_USE, CONNECTION_FAILED
   */
  async begin(address: NetworkAddress): Promise<string> {
    const { network, isOpen, accept } = this.parts;
    if (!isOpen && network.isExposed(address)) {
      throw new MoonpoolError('UNPROTECTED_ADDRESS', {
        message: `Others than this machine could connect to ${formatAddress(address)}, and neither security.clusterSecret nor security.tls is set`,
      });
    }
    this.listener = await network.listen(address, (connection) => accept(connection, address.kind));
    await this.beginLocally(this.listener.address);
    return formatAddress(this.listener.address);
  }

  /** Accepts no more. */
  async end(): Promise<void> {
    await Promise.all([this.listener?.close(), this.localListener?.close()]);
  }

  /** Offers processes of this machine a shorter road; without it there is still TCP. */
  private async beginLocally(address: NetworkAddress): Promise<void> {
    const { network, localSocketFolder, logger, accept } = this.parts;
    if (localSocketFolder === undefined || address.kind !== 'tcp') return;
    try {
      this.localListener = await network.listen(localSocketOf(localSocketFolder, address), (connection) => accept(connection, 'unix'));
    } catch (error) {
      logger.warn('no Unix socket could be opened for processes of this machine', { why: error instanceof Error ? error.message : String(error) });
    }
  }
}
