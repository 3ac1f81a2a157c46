import { openSqlite } from '../../../lib/engines/sqlite/sqlite-driver';
import { prepareStates } from '../../../lib/engines/sqlite/sqlite-schema';

/** A process that opens each file it is told, and answers with what went wrong. */
process.on('message', (file: string) => {
  try {
    const database = openSqlite(file, 5_000);
    prepareStates(database, file);
    database.close();
    process.send?.('opened');
  } catch (error) {
    process.send?.(String(error));
  }
});
process.send?.('ready');
