import { readFileSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { ActorId, isMoonpoolError } from 'moonpool';
import type { Transfer } from './transfer';

/** The columns of a ledger, in order. */
const COLUMNS = ['id', 'from', 'to', 'amount'] as const;
type Column = (typeof COLUMNS)[number];

/** A ledger that cannot be played: says in which line and column, what was found there and what was expected. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Reads a CSV file `id,from,to,amount`. @throws LedgerError; then nothing of the ledger must be played. */
export function readLedger(file: string): readonly Transfer[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new LedgerError(`The ledger ${file} cannot be read: ${(error as Error).message}`);
  }
  return parseLedger(text, file);
}

/** Reads the text of a ledger. @param file its name, for messages. @throws LedgerError */
export function parseLedger(text: string, file: string): readonly Transfer[] {
  const [header, ...rows] = parseCsv(text, file);
  if (header === undefined)
    throw new LedgerError(`${file}: the ledger is empty; its first line must be ${COLUMNS.join(',')}`);
  COLUMNS.forEach((column, index) => {
    if (header.record[index]?.trim() !== column)
      refuse(file, header, column, header.record[index], `the heading '${column}'`);
  });
  const lineOfId = new Map<string, number>();
  return rows.map((row) => {
    const transfer = readRow(file, row);
    const earlier = lineOfId.get(transfer.id);
    if (earlier !== undefined)
      refuse(file, row, 'id', transfer.id, `an id that is not used yet, for line ${earlier} has it`);
    lineOfId.set(transfer.id, row.info.lines);
    return transfer;
  });
}

function readRow(file: string, row: CsvRecord): Transfer {
  const { record } = row;
  if (record.length > COLUMNS.length)
    refuse(file, row, COLUMNS.length + 1, record[COLUMNS.length], 'the end of the line');
  const [id, from, to, amount] = COLUMNS.map((column, index) => {
    const value = record[index]?.trim();
    if (value === undefined || value === '')
      refuse(file, row, column, value, column === 'amount' ? 'a whole number above 0' : 'a name');
    return value as string;
  }) as [string, string, string, string];
  checkAccount(file, row, 'from', from);
  checkAccount(file, row, 'to', to);
  if (from === to) refuse(file, row, 'to', to, 'another account than that of column from');
  const isWhole = /^\d+$/.test(amount) && Number(amount) > 0 && Number.isSafeInteger(Number(amount));
  if (!isWhole) refuse(file, row, 'amount', amount, 'a whole number above 0');
  return { id, from, to, amount: Number(amount) };
}

/** The name of an account becomes the key of its actor. */
function checkAccount(file: string, row: CsvRecord, column: Column, name: string): void {
  try {
    ActorId.of('bank', 'BankAccount', name);
  } catch (error) {
    refuse(
      file,
      row,
      column,
      name,
      `the name of an account (${isMoonpoolError(error) ? error.detail : String(error)})`,
    );
  }
}

function parseCsv(text: string, file: string): readonly CsvRecord[] {
  try {
    return parse(text, {
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      bom: true,
    }) as unknown as readonly CsvRecord[];
  } catch (error) {
    if (error instanceof CsvError) throw new LedgerError(`${file}: this is no CSV: ${error.message}`);
    throw error;
  }
}

function refuse(
  file: string,
  { info }: CsvRecord,
  column: Column | number,
  found: string | undefined,
  expected: string,
): never {
  const number = typeof column === 'number' ? column : COLUMNS.indexOf(column) + 1;
  const name = typeof column === 'number' ? '' : ` (${column})`;
  const what = found === undefined || found === '' ? 'nothing' : `'${found}'`;
  throw new LedgerError(
    `${file}, line ${info.lines}, column ${number}${name}: found ${what}, expected ${expected}. Nothing was played.`,
  );
}
