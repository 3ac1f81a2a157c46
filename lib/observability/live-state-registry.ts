import { promptAnswer } from '../concurrency/prompt-answer';
import { MoonpoolError } from '../errors/moonpool-error';
import { messageOf } from '../errors/thrown-value';
import type { PlainState, StateRegistry } from './state-registry';

const MOST_KEYS = 10_000;

/** The state registry of a node, in production and in a simulation. */
export class LiveStateRegistry implements StateRegistry {
  private readonly readers = new Map<string, () => PlainState>();

  get keys(): readonly string[] {
    return [...this.readers.keys()].sort();
  }

  publish(key: string, read: () => PlainState): () => void {
    if (this.readers.size >= MOST_KEYS && !this.readers.has(key)) {
      const remedy = 'Publish one state for many things, or withdraw what nobody needs.';
      throw new MoonpoolError('INVALID_OPTION', {
        message: `The state '${key}' was not published: ${MOST_KEYS} others are`,
        remedy,
      });
    }
    this.readers.set(key, read);
    return () => {
      if (this.readers.get(key) === read) this.readers.delete(key);
    };
  }

  read(key: string): PlainState | undefined {
    const read = this.readers.get(key);
    if (read === undefined) return undefined;
    try {
      return promptAnswer(read(), `what reads the state '${key}'`);
    } catch (error) {
      // Who looks at a node in trouble wants to see the rest of it.
      return { error: messageOf(error) };
    }
  }
}
