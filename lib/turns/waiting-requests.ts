import type { Request } from '../calls/request';
import type { TurnMode } from '../metadata/actor-descriptor';
import { Mailbox } from './mailbox';

/**
 * All requests that wait for an activation: in its mailbox, and those that need not wait for that. It is the mailbox itself, and has none:
 * each activation has one, and most have nothing else.
 */
export class WaitingRequests extends Mailbox {
  /** Requests that need not wait for those in the mailbox; made when there is the first one. */
  express: Mailbox | undefined;

  /** How many there are of both. */
  get total(): number {
    return this.express === undefined ? this.length : this.length + this.express.length;
  }

  /** The request waits for no other but those that need not wait either. */
  addExpress(request: Request, mode: TurnMode): void {
    this.express ??= new Mailbox(this.load);
    this.express.add(request, mode);
  }

  /** True when the call waits here. */
  has(call: string): boolean {
    return this.express?.find(call) !== undefined || this.find(call) !== undefined;
  }

  /** Takes the call out; undefined when it is not there. */
  takeOut(call: string): Request | undefined {
    const isExpress = this.express?.find(call) !== undefined;
    const box = isExpress && this.express !== undefined ? this.express : this;
    const request = box.find(call);
    if (request !== undefined) box.remove(request);
    return request;
  }

  /** Tells something about each; they stay. */
  each(tell: (request: Request) => void): void {
    for (const box of this.boxes) {
      for (let waiting = box.first; waiting !== undefined; waiting = box.after(waiting)) tell(waiting.request);
    }
  }

  /** Takes all out. */
  drain(tell: (request: Request) => void): void {
    for (const box of this.boxes) {
      for (let request = box.take(); request !== undefined; request = box.take()) tell(request);
    }
  }

  private get boxes(): readonly Mailbox[] {
    return this.express === undefined ? [this] : [this.express, this];
  }
}
