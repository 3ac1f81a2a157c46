import type { Turn } from '../turns/turn';

/** Sends what the turn has said to others, when what it has decided is durable. @param durable undefined: it is already. @returns resolves when all of that has happened. */
export function sayWhenDurable({ decisions }: Turn, durable: Promise<void> | undefined): Promise<void> | undefined {
  const messages = decisions?.takeMessages() ?? [];
  if (messages.length === 0) return durable;
  const send = (): void => messages.forEach((message) => message());
  if (durable === undefined) send();
  return durable?.then(send);
}
