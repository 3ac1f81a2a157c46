import { AssertionError } from 'node:assert';
import { NodeTimeProvider } from '../providers/node/node-time-provider';
import { TimeLimits } from '../providers/time-limits';
import { findTestRunner, type TestFunctions } from '../simulation/test-runners/test-runner';
import type { Contract, Sleep } from './contract';

/** Makes what is to be checked, runs the body with it to its end, and clears away what is left. */
export interface ContractWorld<T> {
  /**
   * @param body is given what nobody has used before, a way to open it once more, as another process would, and a way to wait where time is
   * not that of this machine.
   */
  run(body: (subject: T, open: () => Promise<T>, sleep?: Sleep) => Promise<void>): Promise<void>;
}

/** How something is made for each promise again, in the real world. */
export interface ContractSubject<T> {
  /** What belongs to one check: a folder, a name of a database. Default: nothing. */
  readonly place?: () => string | Promise<string>;
  /** Opens what is in the place: more than once for some promises, as several processes would. */
  readonly open: (place: string) => T | Promise<T>;
  /** Closes one that was opened. */
  readonly close?: (subject: T) => void | Promise<void>;
  /** Clears the place away. */
  readonly clear?: (place: string) => void | Promise<void>;
}

/** One test, for any runner. */
export interface ContractCase {
  readonly title: string;
  run(): Promise<void>;
}

/** A promise takes this long at most, in milliseconds: whoever never answers keeps none. */
const LIMIT_MS = 30_000;

/**
 * The promises of a contract as tests, for runners that `describeContract` does not know:
 * `for (const { title, run } of contractCases(stateStorageContract, { open })) test(title, run)`.
 */
export function contractCases<T>(
  contract: Contract<T>,
  subject: ContractSubject<T> | ContractWorld<T>,
): readonly ContractCase[] {
  const world = 'run' in subject ? subject : worldOf(subject);
  return contract.promises.map(({ title, check }) => ({
    title,
    run: () => world.run((fresh, open, sleep = reallySleep) => check(fresh, open, sleep)),
  }));
}

/**
 * Declares a suite that checks whether your implementation keeps a contract, one test for each promise. Mocha, vitest, jest
 * and `node:test` are found by themselves.
 * @param name what is checked, for the title of the suite.
 * @param subject how it is opened, or a world in which it is made.
 * @param functions `describe` and `it` of the runner, where they cannot be found or others are wanted.
 * @throws MoonpoolError INVALID_OPTION
 */
export function describeContract<T>(
  name: string,
  contract: Contract<T>,
  subject: ContractSubject<T> | ContractWorld<T>,
  functions?: TestFunctions,
): void {
  const cases = contractCases(contract, subject);
  findTestRunner(functions, 'describeContract').declare(
    `${name} keeps the contract of ${contract.name}:`,
    cases.map(({ title, run }) => ({ title, body: run })),
  );
}

const reallySleep: Sleep = (ms) => new NodeTimeProvider().sleep(ms);

function worldOf<T>({ place, open, close, clear }: ContractSubject<T>): ContractWorld<T> {
  return {
    async run(body) {
      const where = (await place?.()) ?? '';
      const opened: T[] = [];
      const openOne = async (): Promise<T> => {
        const subject = await open(where);
        opened.push(subject);
        return subject;
      };
      const limits = new TimeLimits(new NodeTimeProvider());
      try {
        const check = openOne().then((subject) => body(subject, openOne));
        await limits.within(
          LIMIT_MS,
          check,
          () => new AssertionError({ message: `it took longer than ${LIMIT_MS} ms` }),
        );
      } finally {
        limits.stop();
        for (const subject of opened) await close?.(subject);
        await clear?.(where);
      }
    },
  };
}
