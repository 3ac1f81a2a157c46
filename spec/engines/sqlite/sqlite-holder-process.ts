import { openSqlite } from '../../../lib/engines/sqlite/sqlite-driver';
import { NodeHostProvider } from '../../../lib/providers/node/node-host-provider';

/** A process that holds the lock of a database, says who it is, and does nothing more. */
const [, , file = '', how = 'holds'] = process.argv;
const database = openSqlite(file, 5_000);
database.exec(how === 'holds' ? 'BEGIN IMMEDIATE' : 'BEGIN');
process.send?.(new NodeHostProvider().identity);
// What nobody refers to is collected, and its lock with it.
setInterval(() => database, 60_000);
