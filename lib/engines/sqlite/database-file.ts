import { closeSync, openSync, readSync } from 'node:fs';
import { MoonpoolError } from '../../errors/moonpool-error';
import { OpenFile } from '../../providers/node/open-file';

/** How a file of SQLite begins, and how long its header is: https://www.sqlite.org/fileformat2.html#the_database_header */
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');
const HEADER_BYTES = 100;
const PAGE_SIZE_AT = 16;
const PAGE_COUNT_AT = 28;
/** What stands for the one page size that needs 17 bits. */
const LARGEST_PAGE = 65_536;

/**
 * The file of a database that is in use. Beside what lies at its path it is looked at whether somebody has cut it, as `> bank.db` and a copy over it
 * do: the same file goes on there, and what was in it is gone, while SQLite goes on with what it remembers. A file becomes
 * shorter in order too, by VACUUM; then its header says so.
 */
export class DatabaseFile extends OpenFile {
  private size = 0;

  /** @throws MoonpoolError STORAGE_REPLACED */
  override require(): number {
    const size = super.require();
    if (size < this.size && isCut(this.path, size))
      throw new MoonpoolError('STORAGE_REPLACED', {
        message: `The file ${this.path} was cut from ${this.size} to ${size} bytes while it was in use`,
        executed: 'maybe',
      });
    this.size = size;
    return size;
  }
}

/** Whether it has fewer pages than its header says. */
function isCut(path: string, size: number): boolean {
  const header = Buffer.alloc(HEADER_BYTES);
  const file = openSync(path, 'r');
  try {
    if (readSync(file, header, 0, HEADER_BYTES, 0) < HEADER_BYTES) return true;
  } finally {
    closeSync(file);
  }
  if (!header.subarray(0, MAGIC.length).equals(MAGIC)) return true;
  const pageSize = header.readUInt16BE(PAGE_SIZE_AT);
  return size < (pageSize === 1 ? LARGEST_PAGE : pageSize) * header.readUInt32BE(PAGE_COUNT_AT);
}
