import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** Another process of a scenario. */
export interface Child {
  /** What it said when it was ready. */
  readonly said: unknown;
  /** Tells it something and resolves to what it says next. */
  ask(message: object): Promise<unknown>;
  close(): Promise<void>;
}

/** Starts a script of this folder and waits for its first message. It ends when it is closed, or when this process does. */
export async function startChild(script: string, ...args: readonly string[]): Promise<Child> {
  const child = fork(join(__dirname, `${script}.js`), [...args]);
  const next = async (when: string): Promise<unknown> => {
    const over = new AbortController();
    const { signal } = over;
    try {
      const ended = once(child, 'exit', { signal }).then(() =>
        Promise.reject(new Error(`the process ${script} ended before it ${when}`)),
      );
      const [said] = (await Promise.race([once(child, 'message', { signal }), ended])) as [unknown];
      return said;
    } finally {
      over.abort();
    }
  };
  return {
    said: await next('was ready'),
    ask(message): Promise<unknown> {
      const answer = next('answered');
      child.send(message);
      return answer;
    },
    async close(): Promise<void> {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}
