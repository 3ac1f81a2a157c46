import { retry, type ActorReference, type ActorRuntime, type Observation } from 'moonpool';
import { WebSocket } from 'ws';
import { ChatMember } from './chat-member';
import { isChatRefusal, type Line, type RoomNews } from './chat-messages';
import { ChatRoom } from './chat-room';
import { FrameRefusal, readFrame, type GatewayFrame, type JoinFrame, type SayFrame } from './frames';

/** Bytes that may wait for a tab that reads too slowly. One that is dropped comes again, and asks for what it missed. */
const UNREAD_LIMIT = 256 * 1_024;
/** Messages of one tab that may be on their way. */
const SAYING_LIMIT = 16;
/** A tab that sends so much nonsense is not the page. */
const REFUSAL_LIMIT = 20;
const RENEW_MS = 2_000;
const ALIVE_MS = 4_000;
/** A connection that has joined no room after this is closed. */
const JOIN_LIMIT_MS = 10_000;
const CALL = { timeoutMs: 2_000 };
/** How long a tab waits for a room that does not answer. */
const PATIENCE_MS = 24 * 3_600_000;

/** Codes of RFC 6455 with which a connection ends. */
const GOING_AWAY = 1001;
const POLICY_VIOLATED = 1008;

/** What a tab needs from its gateway. */
export interface TabParts {
  readonly runtime: ActorRuntime;
  /** The addresses of all nodes' pages. */
  readonly gateways: () => readonly string[];
}

/** A browser tab at its WebSocket: joins a room for it, tells it what is said there, and says what it sends. */
export class Tab {
  private room: ActorReference<ChatRoom> | undefined;
  private name = '';
  private member: ChatMember | undefined;
  private observation: Observation<ChatMember> | undefined;
  /** What the tab was told last of who is here, and where. */
  private told: string | undefined;
  private isAway = false;
  private saying = 0;
  private refusals = 0;
  private isOpen = true;
  private isAnswering = true;
  private readonly beat: NodeJS.Timeout;
  private readonly joinLimit: NodeJS.Timeout;
  /** The messages of a tab are said one after another, in the order in which they were sent. */
  private lastSaid: Promise<void> = Promise.resolve();
  /** Aborts when the tab has gone: then nobody wants an answer any more. */
  private readonly gone = new AbortController();

  constructor(
    private readonly socket: WebSocket,
    private readonly parts: TabParts,
  ) {
    socket.on('message', (data, isBinary) => this.receive(data as Buffer, isBinary));
    socket.on('pong', () => (this.isAnswering = true));
    socket.on('close', () => this.leave());
    // What is wrong with a connection ends it; there is nothing else to do about it.
    socket.on('error', () => this.socket.terminate());
    this.beat = setInterval(() => this.checkIsAlive(), ALIVE_MS);
    this.joinLimit = setTimeout(() => this.socket.close(POLICY_VIOLATED, 'no room was joined'), JOIN_LIMIT_MS);
  }

  /** Sends the tab away; it goes to another gateway. */
  close(): void {
    this.socket.close(GOING_AWAY, 'this node ends');
    this.leave();
  }

  private receive(bytes: Buffer, isBinary: boolean): void {
    try {
      const frame = readFrame(bytes, isBinary);
      if (frame.kind === 'join') this.join(frame);
      else this.accept(frame);
    } catch (error) {
      if (!(error instanceof FrameRefusal)) throw error;
      this.refuse(error);
      if (++this.refusals >= REFUSAL_LIMIT) this.socket.close(POLICY_VIOLATED, 'too many frames were refused');
    }
  }

  private join({ room, name, after }: JoinFrame): void {
    if (this.room !== undefined) throw new FrameRefusal('out-of-place', 'This connection has joined a room already.');
    const { runtime, gateways } = this.parts;
    clearTimeout(this.joinLimit);
    this.room = runtime.actor(ChatRoom, room).$with(CALL);
    this.name = name;
    this.send({ kind: 'welcome', node: runtime.node.name, gateways: gateways() });
    this.enter(this.room, after).catch((error: unknown) => {
      this.refuse(asRefusal(error));
      this.socket.close(POLICY_VIOLATED, 'not joined');
    });
  }

  private async enter(room: ActorReference<ChatRoom>, after: number): Promise<void> {
    const member = new ChatMember(
      {
        hear: (lines: readonly Line[]) => this.send({ kind: 'lines', lines }),
        hearNews: (news) => this.tellNews(news),
        miss: (first, last) => this.send({ kind: 'missed', first, last }),
        ask: (seen) => room.history({ after: seen }),
      },
      after,
    );
    const join = async (me: ActorReference<ChatMember>): Promise<void> => {
      const news = await room.join(me, { name: this.name }).catch((error: unknown) => {
        this.tellAway();
        throw error;
      });
      // Nobody can have seen what was never said: it is not the room that this tab knew.
      if (this.member === undefined && news.last < after) {
        member.beginAgain();
        this.send({ kind: 'again' });
      }
      this.member = member;
      await member.news(news);
    };
    const observation = await this.ask(() => this.parts.runtime.observe(member, join, { renewMs: RENEW_MS }));
    this.observation = observation;
    if (!this.isOpen) this.leave();
  }

  private accept({ id, text, seen }: SayFrame): void {
    const { room, name } = this;
    if (room === undefined) throw new FrameRefusal('out-of-place', 'Join a room first.', id);
    if (this.saying >= SAYING_LIMIT)
      throw new FrameRefusal('too-fast', 'That was too fast. Wait until what you said is there.', id);
    this.saying++;
    this.lastSaid = this.lastSaid.then(async () => {
      try {
        const { number } = await this.ask(() => room.say({ id, from: name, text, seen }));
        this.send({ kind: 'said', id, number });
        this.member?.learnLast(number);
      } catch (error) {
        // To a tab that has gone nothing is said; it will ask again elsewhere.
        if (this.isOpen) this.refuse(asRefusal(error, id));
      } finally {
        this.saying--;
      }
    });
  }

  /** Asks until there is an answer, be it a refusal, or until the tab has gone: everything that a tab asks may be asked again. */
  private ask<T>(attempt: () => Promise<T>): Promise<T> {
    return retry(attempt, { deadlineMs: PATIENCE_MS, signal: this.gone.signal });
  }

  private tellNews({ node, present }: RoomNews): void {
    const news = JSON.stringify([node, present]);
    if (news === this.told) return;
    this.told = news;
    this.isAway = false;
    this.send({ kind: 'news', node, present });
  }

  /** Once, until there are news again. */
  private tellAway(): void {
    if (this.isAway) return;
    this.isAway = true;
    this.told = undefined;
    this.send({ kind: 'away' });
  }

  private refuse({ reason, message, id }: FrameRefusal): void {
    this.send({ kind: 'refused', reason, message, ...(id === undefined ? {} : { id }) });
  }

  private send(frame: GatewayFrame): void {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    if (this.socket.bufferedAmount > UNREAD_LIMIT) this.socket.terminate();
    else this.socket.send(JSON.stringify(frame));
  }

  private checkIsAlive(): void {
    if (!this.isAnswering) {
      this.socket.terminate();
      return;
    }
    this.isAnswering = false;
    this.socket.ping();
    this.send({ kind: 'alive' });
  }

  private leave(): void {
    this.isOpen = false;
    this.gone.abort();
    clearInterval(this.beat);
    clearTimeout(this.joinLimit);
    const { observation, room } = this;
    this.observation = undefined;
    if (observation === undefined || room === undefined) return;
    room.$send.leave(observation.reference);
    void observation.end();
  }
}

function asRefusal(error: unknown, id?: string): FrameRefusal {
  if (isChatRefusal(error)) return new FrameRefusal(error.reason, error.message, id);
  return new FrameRefusal('failed', `This did not work: ${error instanceof Error ? error.message : String(error)}`, id);
}
