/** One operation of a store's contract, for whoever stands between those who ask and the store: a thread, a network, a simulation. */
export interface StoreOperation {
  /** Its name among the operations of all contracts of a store. */
  readonly name: string;
  /** What it does, as messages say it behind "could not". */
  readonly does: string;
  /** It changes nothing. */
  readonly reads?: true;
  /** A lease depends on its answer, so it goes before others. */
  readonly urgent?: true;
}

type Operation = (...args: never[]) => Promise<unknown>;
type OperationsOf<Contract> = {
  readonly [
    Method in keyof Contract as NonNullable<Contract[Method]> extends Operation ? Method : never
  ]: Contract[Method];
};

/** The operations of a contract by its methods: every one that an engine must have, and those that it may have as far as they are asked of the store. */
export type OperationTable<Contract> = {
  readonly [Method in keyof OperationsOf<Contract>]: StoreOperation;
};

/** A contract as one thread fulfils it, for which nobody has to wait. @template Before what comes before the arguments of each. */
export type SynchronousOperations<Contract, Table, Before extends readonly unknown[] = []> = {
  [Method in keyof Contract & keyof Table]-?: NonNullable<Contract[Method]> extends (
    ...args: infer Args
  ) => Promise<infer Answer>
    ? (...args: [...Before, ...Args]) => Answer
    : never;
};

/**
 * A contract whose operations are all asked in one way, wherever the store is.
 * @param ask brings the operation to the store, and its answer back.
 * @param store whose operations these are, where it is at hand: what it does not have is not asked.
 */
export function relayed<Contract extends object>(
  table: OperationTable<Contract>,
  ask: (
    operation: StoreOperation,
    args: readonly unknown[],
    method: keyof OperationTable<Contract>,
  ) => Promise<unknown>,
  store?: Contract,
): OperationsOf<Contract> {
  const methods = (Object.keys(table) as (keyof OperationTable<Contract> & keyof Contract)[]).filter(
    (method) => store === undefined || store[method] !== undefined,
  );
  const operations = methods.map((method) => {
    const operation = table[method] as StoreOperation;
    return [method, (...args: unknown[]) => ask(operation, args, method)];
  });
  // Each method passes on what it is given, so that what holds of the contract holds of this.
  return Object.fromEntries(operations) as OperationsOf<Contract>;
}

/** Runs operations by their names. */
export type OperationServer = (name: string, args: readonly unknown[]) => unknown;

/** Whoever fulfils contracts, asked by the names of their operations. */
export function serverOf<Table extends Readonly<Record<string, StoreOperation>>>(
  table: Table,
  operations: { [Method in keyof Table]: (...args: never[]) => unknown },
): OperationServer {
  const byName = new Map(Object.entries(table).map(([method, { name }]) => [name, method as keyof Table] as const));
  return (name, args) => {
    const method = byName.get(name);
    if (method === undefined) throw new RangeError(`there is no operation '${name}'`);
    return operations[method](...(args as never[]));
  };
}
