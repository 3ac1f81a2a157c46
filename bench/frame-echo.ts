import type { Socket } from 'node:net';

/**
 * The least that a remote call needs: frames of a length and a JSON text, all frames of one turn of the event loop in one
 * write, no checksum.
 */
export class FrameStream {
  private pending: string[] = [];
  private isScheduled = false;
  private rest: Buffer = Buffer.alloc(0);

  constructor(
    private readonly socket: Socket,
    private readonly onFrame: (frame: unknown) => void,
  ) {
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.read(chunk));
  }

  send(frame: unknown): void {
    this.pending.push(JSON.stringify(frame));
    if (this.isScheduled) return;
    this.isScheduled = true;
    setImmediate(() => this.flush());
  }

  private flush(): void {
    this.isScheduled = false;
    const lengths = this.pending.map((text) => Buffer.byteLength(text));
    const batch = Buffer.allocUnsafe(lengths.reduce((sum, length) => sum + length + 4, 0));
    let at = 0;
    this.pending.forEach((text, index) => {
      at = batch.writeUInt32LE(lengths[index] as number, at);
      at += batch.write(text, at);
    });
    this.pending = [];
    this.socket.write(batch);
  }

  private read(chunk: Buffer): void {
    const input = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    while (input.length - at >= 4) {
      const length = input.readUInt32LE(at);
      if (input.length - at - 4 < length) break;
      this.onFrame(JSON.parse(input.toString('utf8', at + 4, at + 4 + length)));
      at += 4 + length;
    }
    this.rest = input.subarray(at);
  }
}
