import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import type { Duplex } from 'node:stream';
import type { ActorRuntime } from 'moonpool';
import { WebSocketServer } from 'ws';
import { Tab } from './tab';

/** The page is no TypeScript, so it is where the sources are. */
const PAGE_FOLDER = resolve(__dirname, '../../../samples/chat-room/page');
const PAGE_FILES: Readonly<Record<string, { readonly file: string; readonly type: string }>> = {
  '/': { file: 'index.html', type: 'text/html; charset=utf-8' },
  '/chat.css': { file: 'chat.css', type: 'text/css; charset=utf-8' },
  '/chat.js': { file: 'chat.js', type: 'text/javascript; charset=utf-8' },
  '/icon.svg': { file: 'icon.svg', type: 'image/svg+xml' },
};

/** Larger frames end their connection; those that are only too large for a frame are refused with a sentence. */
const PAYLOAD_LIMIT = 64 * 1_024;
const TAB_LIMIT = 1_000;
/** A connection on which no tab joins is closed after this, in milliseconds. */
const HANDSHAKE_LIMIT_MS = 10_000;

/** The door of a node for browsers: the page over HTTP, and the tabs over WebSocket. */
export class Gateway {
  /** The addresses of all gateways of the cluster, this one's included; set when they are known. */
  gateways: readonly string[] = [];
  private readonly tabs = new Set<Tab>();
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: PAYLOAD_LIMIT,
    perMessageDeflate: false,
  });
  private readonly files = new Map(
    Object.entries(PAGE_FILES).map(([path, { file, type }]) => [
      path,
      { body: readFileSync(resolve(PAGE_FOLDER, file)), type },
    ]),
  );

  private constructor(
    private readonly runtime: ActorRuntime,
    private readonly server: Server,
  ) {
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.serve(request, response));
    server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
      this.upgrade(request, socket, head),
    );
  }

  /** Opens the door. @param port 0 takes a free one. Rejects when the port is taken. */
  static async open(runtime: ActorRuntime, port: number): Promise<Gateway> {
    const server = createServer({ requestTimeout: HANDSHAKE_LIMIT_MS, headersTimeout: HANDSHAKE_LIMIT_MS });
    await new Promise<void>((done, fail) => {
      server.once('error', fail);
      server.listen(port, '127.0.0.1', done);
    });
    const gateway = new Gateway(runtime, server);
    gateway.gateways = [gateway.url];
    return gateway;
  }

  /** The address of the page. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Sends all tabs away and closes the door. */
  async close(): Promise<void> {
    for (const tab of this.tabs) tab.close();
    const closed = new Promise<void>((done) => void this.server.close(() => done()));
    this.server.closeAllConnections();
    // A tab that does not answer the close frame would keep this process.
    setTimeout(() => this.sockets.clients.forEach((socket) => socket.terminate()), 200).unref();
    await closed;
  }

  private serve({ method, url = '/' }: IncomingMessage, response: ServerResponse): void {
    const file = this.files.get(url.split('?', 1)[0] as string);
    if (method !== 'GET' && method !== 'HEAD')
      end(response, 405, 'Only GET and HEAD are served here.', { allow: 'GET, HEAD' });
    else if (file === undefined) end(response, 404, 'There is no such page; the chat is at /.');
    else {
      response.writeHead(200, { ...this.headers(), 'content-type': file.type, 'content-length': file.body.length });
      response.end(method === 'HEAD' ? undefined : file.body);
    }
  }

  private headers(): Readonly<Record<string, string>> {
    const sockets = this.gateways.map((url) => url.replace(/^http/, 'ws')).join(' ');
    return {
      'content-security-policy': `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' ${sockets}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    };
  }

  private upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const { origin } = request.headers;
    // Programs send no origin. A page of somebody else's must not talk here in the name of whoever looks at it.
    const isOurs = origin === undefined || this.gateways.includes(origin.replace('//localhost:', '//127.0.0.1:'));
    if (!isOurs) refuse(socket, '403 Forbidden', 'This page is not one of the chat.');
    else if (this.tabs.size >= TAB_LIMIT) refuse(socket, '503 Service Unavailable', 'Too many tabs are open here.');
    else {
      this.sockets.handleUpgrade(request, socket, head, (accepted) => {
        const tab = new Tab(accepted, { runtime: this.runtime, gateways: () => this.gateways });
        this.tabs.add(tab);
        accepted.once('close', () => this.tabs.delete(tab));
      });
    }
  }
}

function end(
  response: ServerResponse,
  status: number,
  sentence: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, { ...headers, 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${sentence}\n`);
}

function refuse(socket: Duplex, status: string, sentence: string): void {
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(sentence)}\r\nconnection: close\r\n\r\n${sentence}`,
  );
}
