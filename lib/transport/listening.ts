import { MoonpoolError } from '../errors/moonpool-error';
import { messageOf } from '../errors/thrown-value';
import { formatAddress, type NetworkAddress } from '../identity/network-address';
import { publishedAddress } from '../identity/published-address';
import { token } from '../injection/token';
import type { Logger } from '../observability/logger';
import type { Connection, NetworkListener, NetworkProvider } from '../providers/network-provider';
import { localSocketOf, type LinkKind } from '../connection/link';

/** Where a process listens, and where others reach it. */
export interface ListenPlace {
  /** Undefined for a client. */
  readonly listen: NetworkAddress | undefined;
  /** A host, or a host and a port. Undefined: where it listens. */
  readonly advertise: string | undefined;
}
export const ListenPlace = token<ListenPlace>('ListenPlace');

/** What is needed to listen. */
export interface ListeningParts {
  readonly network: NetworkProvider;
  /** Where others reach this node, if that is not where it listens. */
  readonly advertise: string | undefined;
  /** Listens also where nobody who connects has to prove anything and strangers can connect. */
  readonly isOpen: boolean;
  readonly localSocketFolder: string | undefined;
  readonly logger: Logger;
  readonly accept: (stream: Connection, kind: LinkKind) => void;
  /** Learns who came and got no connection. */
  readonly refused: (host: string, error: MoonpoolError) => void;
}

/** Where a node listens: at its address, and at a Unix socket beside it for processes of its machine. */
export class Listening {
  private listener: NetworkListener | undefined;
  private published: NetworkAddress | undefined;
  private localListener: NetworkListener | undefined;

  constructor(private readonly parts: ListeningParts) {}

  /** The host at which others reach this node; the empty string where there is none. */
  get host(): string {
    return this.published?.kind === 'tcp' ? this.published.host : '';
  }

  /**
   * Begins, and returns the address at which others reach this node, with the port that was given.
   * @throws MoonpoolError UNPROTECTED_ADDRESS, UNPUBLISHABLE_ADDRESS, INVALID_OPTION, ADDRESS_IN_USE, CONNECTION_FAILED
   */
  async begin(address: NetworkAddress): Promise<string> {
    const { network, isOpen, accept, refused, advertise } = this.parts;
    if (!isOpen && network.isExposed(address)) {
      throw new MoonpoolError('UNPROTECTED_ADDRESS', {
        message: `Others than this machine could connect to ${formatAddress(address)}, and neither security.clusterSecret nor security.tls is set`,
      });
    }
    // Looked at before anything is open: what cannot be published is not listened on either.
    publishedAddress(address, advertise);
    this.listener = await network.listen(address, (connection) => accept(connection, address.kind), refused);
    const published = publishedAddress(this.listener.address, advertise);
    this.published = published;
    await this.beginLocally(published);
    return formatAddress(published);
  }

  /** Accepts no more. */
  async end(): Promise<void> {
    await Promise.all([this.listener?.close(), this.localListener?.close()]);
  }

  /** Offers processes of this machine a shorter route; without it there is still TCP. */
  private async beginLocally(address: NetworkAddress): Promise<void> {
    const { network, localSocketFolder, logger, accept } = this.parts;
    if (localSocketFolder === undefined || address.kind !== 'tcp') return;
    try {
      this.localListener = await network.listen(localSocketOf(localSocketFolder, address), (connection) =>
        accept(connection, 'unix'),
      );
    } catch (error) {
      logger.warn('no Unix socket could be opened for processes of this machine', { why: messageOf(error) });
    }
  }
}
