/** How a client is addressed: it listens nowhere, and is asked on the connection that it has opened. */
const CLIENT = 'client:';

/** The name of the client that is meant by the address `client:name`; undefined for addresses at which somebody listens. */
export function clientNamed(address: string): string | undefined {
  // Whoever reads addresses says of anything else that it is none.
  return typeof address === 'string' && address.startsWith(CLIENT) ? address.slice(CLIENT.length) : undefined;
}
