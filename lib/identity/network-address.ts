import { describeValue } from '../errors/describe-value';
import { MoonpoolError } from '../errors/moonpool-error';

/** Where a node listens: a TCP host and port, or a Unix socket. */
export type NetworkAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string };

/** Control characters, and those that turn or join what stands beside them: two addresses that look alike would be two. */
const INVISIBLE = /[\p{C}\p{Z}]/u;

/** Letters of any script, digits, and what stands between them; the address of an IPv6 host may name a zone. */
const HOST = /^[\p{L}\p{M}\p{N}._:%-]+$/u;

/**
 * Reads `host:port`, `[ipv6]:port` or `unix:/path`.
 * @throws MoonpoolError INVALID_ADDRESS
 */
export function parseAddress(text: string): NetworkAddress {
  if (typeof text !== 'string') throw refusal(text, 'is no text');
  if (text.startsWith('unix:')) {
    const path = text.slice('unix:'.length);
    if (path.length === 0) throw refusal(text, 'names no path');
    return { kind: 'unix', path };
  }
  if (INVISIBLE.test(text)) throw refusal(text, 'holds characters that cannot be seen');
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text);
  if (match === null) throw refusal(text, 'is neither host:port nor unix:/path');
  const port = Number(match[3]);
  if (port > 65_535) throw refusal(text, 'has a port above 65535');
  const host = match[1] ?? match[2] ?? '';
  if (!HOST.test(host)) throw refusal(text, 'has a host that no machine can have');
  if (!isPossible(host, match[1] !== undefined))
    throw refusal(text, `has a host that looks like an IP${match[1] === undefined ? '' : 'v6'} address and is none`);
  return { kind: 'tcp', host, port };
}

/** Whether what is written as a number is one that a host may have; of names nobody knows before they are looked up. */
function isPossible(host: string, isBracketed: boolean): boolean {
  if (isBracketed) return host.includes(':') && URL.canParse(`http://[${host}]/`);
  return !/^\d+(?:\.\d+)*$/.test(host) || URL.canParse(`http://${host}/`);
}

/** The text that {@link parseAddress} reads: the form in which an address is a key of maps and stores. */
export function formatAddress(address: NetworkAddress): string {
  if (address.kind === 'unix') return `unix:${address.path}`;
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

/** Whether only this machine can connect to what listens on the address. A name other than `localhost` may lead anywhere. */
export function isOfThisMachine(address: NetworkAddress): boolean {
  if (address.kind === 'unix') return true;
  const { host } = address;
  return host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);
}

function refusal(text: unknown, why: string): MoonpoolError {
  return new MoonpoolError('INVALID_ADDRESS', { message: `The address ${describeValue(text)} ${why}` });
}
