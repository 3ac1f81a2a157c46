import { describeValue } from '../errors/describe-value';
import { MoonpoolError } from '../errors/moonpool-error';
import { formatAddress, parseAddress, type NetworkAddress } from './network-address';

/** A host that means every address of a machine when it is listened on, and no machine at all when it is called. */
const EVERY_ADDRESS = /^(?:0x)?0+(?:\.(?:0x)?0+){0,3}$|^\[?[0:]*:[0:]*(?:ffff:)?[0:]*(?:0+(?:\.0+){3})?(?:%.*)?\]?$/i;

/**
 * Where others reach a node.
 * @param listening where it listens; a port of 0 is one that is not known yet.
 * @param advertise what it was told to say instead: a host, for the port that it listens on, or a host and a port.
 * @throws MoonpoolError INVALID_OPTION, UNPUBLISHABLE_ADDRESS
 */
export function publishedAddress(listening: NetworkAddress, advertise: string | undefined): NetworkAddress {
  const published = advertise === undefined ? listening : parseAdvertised(advertise, listening);
  if (published.kind === 'tcp' && EVERY_ADDRESS.test(published.host)) {
    throw new MoonpoolError('UNPUBLISHABLE_ADDRESS', {
      message: `Nobody could call this node at ${formatAddress(published)}, which means every address of whatever machine uses it`,
    });
  }
  return published;
}

function parseAdvertised(advertise: string, listening: NetworkAddress): NetworkAddress {
  const port = listening.kind === 'tcp' ? listening.port : undefined;
  try {
    if (typeof advertise === 'string' && isHostAlone(advertise)) {
      if (port === undefined) throw new Error('a node that listens on a Unix socket has no port to go with a host');
      const host = advertise.includes(':') && !advertise.startsWith('[') ? `[${advertise}]` : advertise;
      return parseAddress(`${host}:${port}`);
    }
    const address = parseAddress(advertise);
    if (address.kind === 'unix' || address.port !== 0) return address;
    if (port === undefined)
      throw new Error('port 0 stands for the port that is listened on, and a Unix socket has none');
    return { ...address, port };
  } catch (cause) {
    const why = cause instanceof MoonpoolError ? cause.detail : (cause as Error).message;
    const message = `The option advertise must be a host or host:port at which others reach this node; ${describeValue(advertise)} was given: ${why}`;
    throw new MoonpoolError('INVALID_OPTION', { message, cause });
  }
}

/** `name`, `10.0.0.5`, `[fe80::1]` or `fe80::1`. */
function isHostAlone(text: string): boolean {
  if (text === '' || text.startsWith('unix:')) return false;
  return text.startsWith('[') ? text.endsWith(']') : text.split(':').length !== 2;
}
