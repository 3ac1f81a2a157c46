import type { StorageDevice, StorageFile } from '../../../lib/providers/storage-device';
import { crc32c } from '../../../lib/wire/crc32c';

/** Before each record: its length and its checksum, which covers its number too. */
const HEADER_BYTES = 8;
const CHUNK_BYTES = 512;

/** A log of records with checksums, as small as one can be that survives crashes: what a sync has covered is never lost. */
export class AppendLog {
  private constructor(
    private readonly file: StorageFile,
    readonly records: string[],
    private end: number,
  ) {}

  /** Reads what there is, up to the first record that is damaged, and cuts off the rest. */
  static async open(device: StorageDevice, path: string): Promise<AppendLog> {
    const file = await device.open(path);
    const bytes = await readAll(file);
    const records: string[] = [];
    let end = 0;
    for (;;) {
      const record = recordAt(bytes, end, records.length);
      if (record === undefined) break;
      records.push(record.toString());
      end += HEADER_BYTES + record.length;
    }
    await file.truncate(end);
    await file.sync();
    return new AppendLog(file, records, end);
  }

  async append(record: string): Promise<void> {
    const body = Buffer.from(record);
    const header = Buffer.alloc(HEADER_BYTES);
    header.writeUInt32LE(body.length, 0);
    header.writeUInt32LE(checksum(body, this.records.length), 4);
    await this.file.write(this.end, Buffer.concat([header, body]));
    this.end += HEADER_BYTES + body.length;
    this.records.push(record);
  }

  sync(): Promise<void> {
    return this.file.sync();
  }
}

/** All bytes up to the first that cannot be read. */
async function readAll(file: StorageFile): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  const size = await file.size();
  try {
    for (let offset = 0; offset < size; offset += CHUNK_BYTES) chunks.push(await file.read(offset, CHUNK_BYTES));
  } catch {
    // What cannot be read was never covered by a sync.
  }
  return Buffer.concat(chunks);
}

function recordAt(bytes: Buffer, offset: number, number: number): Buffer | undefined {
  if (offset + HEADER_BYTES > bytes.length) return undefined;
  const length = bytes.readUInt32LE(offset);
  const body = bytes.subarray(offset + HEADER_BYTES, offset + HEADER_BYTES + length);
  if (length === 0 || body.length < length) return undefined;
  return checksum(body, number) === bytes.readUInt32LE(offset + 4) ? body : undefined;
}

function checksum(body: Buffer, number: number): number {
  return crc32c(Buffer.concat([Buffer.from(String(number)), body])) >>> 0;
}
