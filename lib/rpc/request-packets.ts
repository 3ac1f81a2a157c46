import { MoonpoolError } from '../errors/moonpool-error';
import { describeEndpoint, type Endpoint } from '../identity/endpoint';
import type { PacketConnection } from '../connection/packet-connection';
import { clientNamed } from '../requests/client-address';
import type { ByteWriter } from '../serialization/byte-writer';
import type { Serializer } from '../serialization/serializer';
import { toTagged } from '../serialization/tagged-value';
import { uncarried } from '../serialization/uncarried-value';
import type { Transport } from '../transport/transport';
import { writeRequestHeader } from './rpc-packet';

/** Requests as packets: by which connection they leave, and what is in them. */
export class RequestPackets {
  constructor(
    private readonly transport: Transport,
    private readonly serializer: Serializer,
  ) {}

  /** The connection to whoever is meant by the address, which may not be open yet. @throws MoonpoolError NODE_UNREACHABLE */
  connectionTo(address: string): PacketConnection {
    const name = clientNamed(address);
    if (name === undefined) return this.transport.peer(address).connection();
    const connection = this.transport.connectionOfClient(name);
    if (connection !== undefined) return connection;
    throw new MoonpoolError('NODE_UNREACHABLE', { message: `No client '${name}' has a connection to this process` });
  }

  /** Writes what a request consists of. @throws MoonpoolError UNSERIALIZABLE_VALUE */
  writeRequest(endpoint: Endpoint, correlation: number, request: unknown, into: ByteWriter): void {
    writeRequestHeader(correlation, into);
    try {
      this.serializer.write(request, into);
    } catch (error) {
      throw uncarried(`The request to ${describeEndpoint(endpoint)}`, request, error, toTagged);
    }
  }

  /** Sends one packet, or nothing of it when its payload cannot be written. @returns by which batch of the connection it leaves. */
  send(connection: PacketConnection, { token }: Endpoint, write: (into: ByteWriter) => void): number {
    const into = connection.begin(token);
    const batch = connection.currentBatch;
    try {
      write(into);
    } catch (error) {
      connection.abandon();
      throw error;
    }
    connection.end();
    return batch;
  }
}
