/** What an engine does wrong, in place of what it should do. */
export type Wrong<T> = (proper: T) => Partial<T>;

/** For promises of a contract, each by the beginning of its title, an engine that breaks it. */
export type Bugs<T> = Readonly<Record<string, Wrong<T>>>;

/** Time in which others come between. */
export const pause = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
