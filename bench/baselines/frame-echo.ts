import { createServer, connect, type Socket, type AddressInfo } from 'node:net';

const LENGTH_BYTES = 4;

/** Writes frames to a socket, all of one turn of the event loop in one write. */
class FrameWriter {
  private waiting: Buffer[] = [];

  constructor(private readonly socket: Socket) {}

  write(body: string): void {
    const frame = Buffer.allocUnsafe(LENGTH_BYTES + Buffer.byteLength(body));
    frame.writeUInt32LE(frame.length - LENGTH_BYTES, 0);
    frame.write(body, LENGTH_BYTES);
    if (this.waiting.length === 0) setImmediate(() => this.flush());
    this.waiting.push(frame);
  }

  private flush(): void {
    const frames = this.waiting;
    this.waiting = [];
    this.socket.write(frames.length === 1 ? (frames[0] as Buffer) : Buffer.concat(frames));
  }
}

/** Cuts what a socket receives into frames. */
function readFrames(socket: Socket, onFrame: (body: string) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (bytes.length - at >= LENGTH_BYTES) {
      const end = at + LENGTH_BYTES + bytes.readUInt32LE(at);
      if (end > bytes.length) break;
      onFrame(bytes.toString('utf8', at + LENGTH_BYTES, end));
      at = end;
    }
    rest = bytes.subarray(at);
  });
}

/**
 * Answers each frame with what it holds, or with a balance that it adds to.
 * @param path a Unix socket to listen on. Default: a port of this machine. @returns the path or the port.
 */
export function serveFrames(path?: string): Promise<string | number> {
  let balance = 0;
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    const writer = new FrameWriter(socket);
    readFrames(socket, (body) => {
      const { id, amount, text } = JSON.parse(body) as { id: number; amount?: number; text?: string };
      if (amount !== undefined) balance += amount;
      writer.write(JSON.stringify(text === undefined ? { id, balance } : { id, text }));
    });
  });
  return new Promise((resolve) => {
    if (path === undefined) server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    else server.listen(path, () => resolve(path));
  });
}

/** The caller's side: numbers its requests, and gives each answer to the one who waits for it. */
export class FrameClient {
  private readonly waiting = new Map<number, (answer: unknown) => void>();
  private readonly writer: FrameWriter;
  private last = 0;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    this.writer = new FrameWriter(socket);
    readFrames(socket, (body) => {
      const answer = JSON.parse(body) as { id: number };
      this.waiting.get(answer.id)?.(answer);
      this.waiting.delete(answer.id);
    });
  }

  /** @param to a port of this machine, or the path of a Unix socket. */
  static connect(to: string | number): Promise<FrameClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(typeof to === 'string' ? { path: to } : { port: to, host: '127.0.0.1' }, () =>
        resolve(new FrameClient(socket)),
      );
      socket.once('error', reject);
    });
  }

  call(request: { readonly amount: number } | { readonly text: string }): Promise<unknown> {
    return new Promise((resolve) => {
      const id = ++this.last;
      this.waiting.set(id, resolve);
      this.writer.write(JSON.stringify({ id, ...request }));
    });
  }

  close(): void {
    this.socket.destroy();
  }
}
