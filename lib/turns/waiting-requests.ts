import type { Request } from '../calls/request';
import type { NodeLoad } from '../scheduling/node-load';
import { Mailbox } from './mailbox';

/** All requests that wait for an activation: in its mailbox, and those that need not wait for that. */
export class WaitingRequests {
  readonly mailbox: Mailbox;
  /** Requests that need not wait for those in the mailbox. */
  readonly express: Mailbox;

  /** @param load of the node, where all that waits is counted. */
  constructor(load: Pick<NodeLoad, 'waiting'>) {
    this.mailbox = new Mailbox(load);
    this.express = new Mailbox(load);
  }

  get length(): number {
    return this.mailbox.length + this.express.length;
  }

  /** True when the call waits here. */
  has(call: string): boolean {
    return this.express.find(call) !== undefined || this.mailbox.find(call) !== undefined;
  }

  /** Takes the call out; undefined when it is not there. */
  takeOut(call: string): Request | undefined {
    const box = this.express.find(call) === undefined ? this.mailbox : this.express;
    const request = box.find(call);
    if (request !== undefined) box.remove(request);
    return request;
  }

  /** Tells something about each; they stay. */
  each(tell: (request: Request) => void): void {
    for (const box of [this.express, this.mailbox]) {
      for (let waiting = box.first; waiting !== undefined; waiting = box.after(waiting)) tell(waiting.request);
    }
  }

  /** Takes all out. */
  drain(tell: (request: Request) => void): void {
    for (const box of [this.express, this.mailbox]) {
      for (let request = box.take(); request !== undefined; request = box.take()) tell(request);
    }
  }
}
