import type { Socket } from 'node:net';
import type { ConnectionHandlers } from '../network-provider';
import type { ReadBudget, WaitingReader } from './read-budget';

/** What comes by a socket of Node.js, given to its reader while there is time for it, and always in its order. */
export class BudgetedInput implements WaitingReader {
  private readonly unread: Buffer[] = [];
  private isPaused = false;
  private isWaiting = false;
  private hasEnded = false;

  /** @param onEnd is told behind all that has come that no more will. */
  constructor(
    private readonly socket: Socket,
    private readonly budget: ReadBudget,
    private readonly handlers: ConnectionHandlers,
    private readonly onEnd: () => void,
  ) {}

  data(chunk: Buffer): void {
    if (this.unread.length === 0 && !this.isPaused && !this.budget.isSpent) {
      this.give(chunk);
      return;
    }
    this.unread.push(chunk);
    this.socket.pause();
    this.waitForTurn();
  }

  end(): void {
    this.hasEnded = true;
    if (this.unread.length === 0) this.onEnd();
  }

  /** Nothing comes any more, in order or not: whatever has come is read before that is told. */
  close(): void {
    for (const chunk of this.unread.splice(0)) this.give(chunk);
  }

  /** The reader wants nothing for now. */
  pause(): void {
    this.isPaused = true;
    this.socket.pause();
  }

  resume(): void {
    this.isPaused = false;
    if (this.unread.length === 0) this.socket.resume();
    else this.waitForTurn();
  }

  readOn(): void {
    this.isWaiting = false;
    while (this.unread.length > 0 && !this.isPaused && !this.budget.isSpent) this.give(this.unread.shift() as Buffer);
    if (this.unread.length > 0) this.waitForTurn();
    else if (this.hasEnded) this.onEnd();
    else if (!this.isPaused) this.socket.resume();
  }

  private give(chunk: Buffer): void {
    this.budget.spend(() => this.handlers.onData(chunk));
  }

  /** While the reader wants nothing, it is for the reader to say when it does. */
  private waitForTurn(): void {
    if (this.isWaiting || this.isPaused) return;
    this.isWaiting = true;
    this.budget.wait(this);
  }
}
