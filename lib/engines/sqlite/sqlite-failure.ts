import type { ErrorCode } from '../../errors/catalogue';
import { isMoonpoolError, MoonpoolError, type Executed } from '../../errors/moonpool-error';
import { reasonOf } from '../../errors/reason-of';
import { isError, messageOf, partOf } from '../../errors/thrown-value';
import { wrongPlace } from './sqlite-place';

/** What a result code of SQLite means for whoever asked. */
interface Meaning {
  readonly name: string;
  readonly code: ErrorCode;
  readonly says: string;
  /** Whether what was asked can have been done. */
  readonly executed: Executed;
  readonly remedy?: string;
}

const WRITE_RIGHTS =
  'Give the process the right to write the file, those beside it with the same beginning, and their folder.';
const SPOILED =
  'Restore the file from a copy, or save what can be read with the `.recover` command of the sqlite3 program; look at the disk.';

/** By the primary result codes, see https://www.sqlite.org/rescode.html. */
const MEANINGS: ReadonlyMap<number, Meaning> = new Map([
  [
    3,
    {
      name: 'SQLITE_PERM',
      code: 'STORAGE_READ_ONLY',
      says: 'it may not be used',
      executed: 'no',
      remedy: WRITE_RIGHTS,
    },
  ],
  [
    5,
    {
      name: 'SQLITE_BUSY',
      code: 'STORAGE_UNAVAILABLE',
      says: 'another process held its lock for too long',
      executed: 'no',
    },
  ],
  [6, { name: 'SQLITE_LOCKED', code: 'STORAGE_UNAVAILABLE', says: 'another connection held its lock', executed: 'no' }],
  [
    8,
    {
      name: 'SQLITE_READONLY',
      code: 'STORAGE_READ_ONLY',
      says: 'it may not be written',
      executed: 'no',
      remedy: WRITE_RIGHTS,
    },
  ],
  [
    10,
    {
      name: 'SQLITE_IOERR',
      code: 'STORAGE_UNAVAILABLE',
      says: 'the disk could not read or write it',
      executed: 'maybe',
      remedy: 'Look at the disk, and at the log of its machine.',
    },
  ],
  [
    11,
    {
      name: 'SQLITE_CORRUPT',
      code: 'STORAGE_CORRUPT',
      says: 'a page of it is spoiled',
      executed: 'no',
      remedy: SPOILED,
    },
  ],
  [13, { name: 'SQLITE_FULL', code: 'STORAGE_FULL', says: 'there is no room left for it', executed: 'no' }],
  [
    14,
    {
      name: 'SQLITE_CANTOPEN',
      code: 'STORAGE_UNAVAILABLE',
      says: 'it cannot be opened',
      executed: 'no',
      remedy: 'Check its path, and whether the process may open it and make files beside it.',
    },
  ],
  [
    26,
    {
      name: 'SQLITE_NOTADB',
      code: 'STORAGE_CORRUPT',
      says: 'it is no database',
      executed: 'no',
      remedy: `Correct the path of the file, if another kind of file is there. ${SPOILED}`,
    },
  ],
]);

/** The error of SQLite as one that says what is wrong with which file. Errors of Moonpool itself stay as they are. */
export function sqliteFailure(error: unknown, file: string, what = 'failed'): MoonpoolError {
  if (isMoonpoolError(error)) return error;
  const meaning = MEANINGS.get(resultCode(error));
  const reason = reasonOf(error);
  if (meaning === undefined)
    return new MoonpoolError('STORAGE_UNAVAILABLE', {
      message: `The database ${file} ${what}: ${reason}`,
      executed: 'maybe',
      cause: error,
    });
  const { code, name, says, executed, remedy } = meaning;
  const wrong = name === 'SQLITE_CANTOPEN' ? wrongPlace(file) : undefined;
  const message = `The database ${file} ${what}: ${wrong?.says ?? says} (${name}, '${reason}')`;
  const advice = wrong?.remedy ?? remedy;
  return new MoonpoolError(code, {
    message,
    executed,
    cause: error,
    ...(advice === undefined ? {} : { remedy: advice }),
  });
}

/** True when the transaction was not begun because another process has the lock: whoever asks next would wait as long. */
export function isBusy(error: unknown): boolean {
  return [5, 6].includes(resultCode(error));
}

/** The primary result code, however the driver tells it; 0 for none. */
function resultCode(error: unknown): number {
  if (!isError(error)) return 0;
  // `errcode` is that of Node.js, `rawCode` that of libsql; when libsql cannot open a file, the code stands at the end of its words.
  for (const told of [partOf(error, 'errcode'), partOf(error, 'rawCode')])
    if (typeof told === 'number') return told & 0xff;
  const atEnd = /: (\d+)\W*$/.exec(messageOf(error));
  return atEnd === null ? 0 : Number(atEnd[1]) & 0xff;
}
