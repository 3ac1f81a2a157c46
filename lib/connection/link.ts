import { formatAddress, isOfThisMachine, type NetworkAddress } from '../identity/network-address';
import type { Connection, NetworkProvider } from '../providers/network-provider';

/** The route of a connection: a Unix socket on the same machine, otherwise TCP. */
export type LinkKind = 'unix' | 'tcp';

/** A stream, and the route that it takes. */
export interface Link {
  readonly kind: LinkKind;
  readonly stream: Connection;
}

/** The Unix socket at which a node that listens on the TCP address can be reached too, by processes of its machine. */
export function localSocketOf(folder: string, address: NetworkAddress & { readonly kind: 'tcp' }): NetworkAddress {
  const name = `${address.host.replace(/[^0-9A-Za-z.-]/g, '_')}-${address.port}.sock`;
  return { kind: 'unix', path: `${folder.replace(/\/+$/, '')}/${name}` };
}

/**
 * Chooses the best route to an address: its Unix socket when it is on this machine and the file answers, otherwise, and
 * after a Unix socket that did not lead to the right node, TCP.
 */
export class LinkChooser {
  /** A Unix socket accepted the last connection, and then no handshake with the right node came of it. */
  private isMistrusted = false;

  /**
   * @param folder where nodes of this machine put their sockets; undefined: only the address itself is used.
   * @param ownHost the host that this node listens on, which is this machine too.
   */
  constructor(
    private readonly network: NetworkProvider,
    private readonly address: NetworkAddress,
    private readonly folder: string | undefined,
    private readonly ownHost: () => string,
  ) {}

  /** @throws MoonpoolError CONNECTION_REFUSED, CONNECTION_FAILED: of the last route that was tried. */
  async connect(): Promise<Link> {
    const { network, address } = this;
    const local = this.localSocket();
    if (local !== undefined) {
      try {
        return { kind: 'unix', stream: await network.connect(local) };
      } catch {
        // No such file, or nobody behind it: the node offers no socket, or is on another machine after all.
      }
    }
    this.isMistrusted = false;
    return { kind: address.kind, stream: await network.connect(address) };
  }

  /** Whether the node that greeted is the one that listens on the address: files of a folder can be anybody's. */
  isRight(kind: LinkKind, listensAt: string): boolean {
    return kind === this.address.kind || listensAt === formatAddress(this.address);
  }

  /** A connection over the Unix socket ended before its handshake did: the next one takes the other route. */
  mistrust(): void {
    this.isMistrusted = true;
  }

  private localSocket(): NetworkAddress | undefined {
    const { address, folder } = this;
    if (folder === undefined || this.isMistrusted || address.kind !== 'tcp') return undefined;
    return isOfThisMachine(address) || address.host === this.ownHost() ? localSocketOf(folder, address) : undefined;
  }
}
