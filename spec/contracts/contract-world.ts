/** A world in which the suite of a contract is run: it makes what is to be tested, and runs the body with it to its end. */
export interface ContractWorld<T> {
  run(body: (subject: T) => Promise<void>): Promise<void>;
}
