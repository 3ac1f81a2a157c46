import { describeValue } from '../errors/describe-value';

/**
 * The promise of an asynchronous function that is somebody else's: an engine, a filter. One that throws before it has made a promise has
 * rejected, and what is no promise is its answer. A promise is given back as it is, so that whoever waits for it waits no longer.
 */
export function promised<T>(work: () => Promise<T>): Promise<T> {
  try {
    const answer: unknown = work();
    return answer instanceof Promise ? (answer as Promise<T>) : Promise.resolve(answer as T);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** What an engine has answered, for the message of whoever cannot go on with it. */
export function noAnswer(what: string, answer: unknown): TypeError {
  return new TypeError(`the engine answered ${describeValue(answer)}, which is no ${what}`);
}
