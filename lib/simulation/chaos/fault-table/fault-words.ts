import type { FaultFacts } from '../../random/keyed-rolls';

/** What became known of a fault; what did not is told in general words. */
export type ToldFacts = Partial<FaultFacts>;

/** Puts one fault into words. @param whom whom its roll was for: a machine, a link, a site of the code. */
export type FaultWords = (whom: string, told: ToldFacts) => string;

/** A fault of what one host sends to another. */
export function onLink(words: (from: string, to: string, told: ToldFacts) => string): FaultWords {
  return (whom, told) => {
    const [from = whom, to = 'another'] = whom.split('>');
    return words(from, to, told);
  };
}

/** A fault of a request to the store. */
export function onRequest(words: (machine: string, operation: string, told: ToldFacts) => string): FaultWords {
  return (whom, told) => {
    const [machine = whom, operation = 'request'] = whom.split('/');
    return words(machine, operation, told);
  };
}

/** A fault of a place of the code in one process. */
export function onSite(words: (site: string, machine: string, told: ToldFacts) => string): FaultWords {
  return (whom, told) => {
    const at = whom.lastIndexOf(' ');
    return at < 0 ? words(whom, 'a process', told) : words(whom.slice(0, at), whom.slice(at + 1), told);
  };
}

/** A time, as people read it. */
export function milliseconds(ms: unknown, otherwise = 'a while'): string {
  if (typeof ms !== 'number') return otherwise;
  return ms < 10 ? `${ms.toFixed(3)} ms` : `${Math.round(ms).toLocaleString('en-US')} ms`;
}
