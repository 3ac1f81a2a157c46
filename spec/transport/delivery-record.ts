import type { UndeliveredMessage } from '../../lib/transport/reliable-queue';

/** What one life of a sender has sent to one address, and what came of it. */
interface Stream {
  readonly sent: Set<number>;
  /** In the order of delivery, over all lives of the receiver. */
  readonly delivered: number[];
  readonly told: Map<number, UndeliveredMessage>;
}

/** Sees all reliable messages of a run from above, and says which promise was not kept. */
export class DeliveryRecord {
  readonly violations: string[] = [];
  private readonly streams = new Map<string, Stream>();

  sent(stream: string, sequence: number): void {
    this.stream(stream).sent.add(sequence);
  }

  /** Sending was refused: the number is that of the next one. */
  unsent(stream: string, sequence: number): void {
    this.stream(stream).sent.delete(sequence);
  }

  told(stream: string, message: UndeliveredMessage): void {
    const { told, sent } = this.stream(stream);
    if (!sent.has(message.sequence))
      this.violations.push(`${stream}: ${message.sequence} is given up but was not sent`);
    if (told.has(message.sequence)) this.violations.push(`${stream}: ${message.sequence} is given up twice`);
    told.set(message.sequence, message);
  }

  delivered(stream: string, sequence: number): void {
    const { delivered, sent } = this.stream(stream);
    const last = delivered.at(-1) ?? 0;
    if (!sent.has(sequence)) this.violations.push(`${stream}: ${sequence} is delivered but was not sent`);
    if (sequence <= last) {
      this.violations.push(
        `${stream}: ${sequence} is delivered ${delivered.includes(sequence) ? 'twice' : `after ${last}`}`,
      );
    }
    delivered.push(sequence);
  }

  /** Looks for messages that are lost, when nothing more will come. @param isAlive whether the sender of a stream still lives. */
  finish(isAlive: (stream: string) => boolean): void {
    for (const [name, { sent, delivered, told }] of this.streams) {
      const arrived = new Set(delivered);
      const last = Math.max(0, ...delivered);
      for (const sequence of sent) {
        const given = told.get(sequence);
        if (given?.executed === 'no' && arrived.has(sequence))
          this.violations.push(`${name}: ${sequence} is delivered though it was given up unsent`);
        const isAnswered = arrived.has(sequence) || given !== undefined;
        if (!isAnswered && (sequence < last || isAlive(name)))
          this.violations.push(`${name}: ${sequence} is lost, the last delivered is ${last}`);
      }
    }
  }

  get deliveredCount(): number {
    return [...this.streams.values()].reduce((sum, { delivered }) => sum + delivered.length, 0);
  }

  private stream(name: string): Stream {
    let stream = this.streams.get(name);
    if (stream === undefined) {
      stream = { sent: new Set(), delivered: [], told: new Map() };
      this.streams.set(name, stream);
    }
    return stream;
  }
}
