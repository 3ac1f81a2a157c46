import { MoonpoolError } from '../errors/moonpool-error';
import type { Uid } from '../identity/uid';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { PacketConnection } from '../connection/packet-connection';
import { ACKNOWLEDGE, readReliable, writeAcknowledgement, type Opening, type ReliableMessage } from './reliable-frame';
import type { TransportOptions } from '../connection/transport-options';

/** After so many messages an acknowledgement does not wait for more of them. */
const ACKNOWLEDGE_AFTER_PACKETS = 64;

/** Where the reliable messages of one incarnation of a sender stand. */
interface Session {
  /** The number of the message that comes next; all before it were delivered. */
  expected: number;
  /** The connection by which something was taken last; the acknowledgement goes there. */
  connection: PacketConnection;
  /** The order of the latest connection that opened the session. */
  order: number;
  unacknowledged: number;
  timer: Timer | undefined;
  /** What still comes for it is dropped: its sender has been told, or is gone. */
  isForgotten: boolean;
}

/**
 * Delivers the reliable messages of every sender once and in order, and acknowledges them: cumulative acknowledgements that
 * wait a little for others, as in TCP (RFC 9293, section 3.8.6.3). A session is that of an incarnation of the sender with
 * this incarnation of the receiver, which keeps it in memory; what a bounded memory has forgotten is refused and not guessed.
 * Whatever the two sides disagree about, the sender learns it and begins again: a connection is cut only for what no sender does.
 */
export class ReliableInbox {
  /** How many messages came again and were dropped. */
  duplicates = 0;
  /** How many messages were delivered. */
  delivered = 0;
  private readonly sessions = new Map<string, Session>();
  /** The session that was opened on a connection. */
  private readonly opened = new WeakMap<PacketConnection, Session>();
  /** How many connections with each sender are open: as long as there is one, something of an earlier session may come. */
  private readonly connections = new Map<string, number>();

  constructor(
    private readonly options: TransportOptions,
    private readonly time: TimeProvider,
    private readonly deliver: (token: Uid, payload: Buffer, from: PacketConnection) => void,
  ) {}

  /** How many sessions are kept. */
  get size(): number {
    return this.sessions.size;
  }

  /** The other side of the connection has greeted. */
  connectionReady({ remote }: PacketConnection): void {
    if (remote === undefined) return;
    const sender = remote.identity;
    this.connections.set(sender, (this.connections.get(sender) ?? 0) + 1);
  }

  /** Nothing comes by the connection any more. Only for those that were ready. */
  connectionClosed({ remote }: PacketConnection): void {
    if (remote === undefined) return;
    const sender = remote.identity;
    const left = (this.connections.get(sender) ?? 1) - 1;
    if (left > 0) this.connections.set(sender, left);
    else this.connections.delete(sender);
    this.forgetSome();
  }

  /** Takes a packet of a sender. @throws MoonpoolError MALFORMED_PAYLOAD: the connection must be cut. */
  receive(payload: Buffer, from: PacketConnection): void {
    const frame = readReliable(payload);
    if (frame.kind === 'opening') this.open(frame, from);
    else this.take(frame, from);
  }

  /** Ends all acknowledgements that wait. */
  stop(): void {
    for (const session of this.sessions.values()) session.timer?.cancel();
  }

  private open({ base, isResumed }: Opening, from: PacketConnection): void {
    if (from.remote === undefined) return;
    const sender = from.remote.identity;
    const known = this.sessions.get(sender);
    // The sender has opened a later connection since, and says there how things stand.
    if (known !== undefined && from.order < known.order) return;
    // What lies between was given up when the sender began a session that is not known here, or not any more.
    if (isResumed && (known === undefined || base > known.expected)) {
      if (known !== undefined) this.forget(sender, known);
      answer(from, true, base);
      return;
    }
    if (known !== undefined && !isResumed && base < known.expected)
      throw outOfOrder(from.remote.node.name, base, known.expected);
    const session: Session = known ?? {
      expected: base,
      connection: from,
      order: from.order,
      unacknowledged: 0,
      timer: undefined,
      isForgotten: false,
    };
    session.expected = Math.max(session.expected, base);
    session.connection = from;
    session.order = from.order;
    // Again at the end: the first are those that were silent longest.
    this.sessions.delete(sender);
    this.sessions.set(sender, session);
    this.opened.set(from, session);
    this.forgetSome();
    this.acknowledge(session);
  }

  private take({ sequence, token, payload }: ReliableMessage, from: PacketConnection): void {
    const session = this.opened.get(from);
    // The sender has learned that its session is unknown, and opens another; or it speaks by a later connection.
    if (session === undefined || session.isForgotten) return;
    if (sequence > session.expected) throw outOfOrder('the sender', sequence, session.expected);
    if (sequence < session.expected) {
      this.duplicates++;
      this.note(session);
      return;
    }
    // Before the delivery: a receiver that throws has received the message, and must not be given it for ever.
    session.expected++;
    session.connection = from;
    this.delivered++;
    try {
      this.deliver(token, payload, from);
    } finally {
      this.note(session);
    }
  }

  private note(session: Session): void {
    session.unacknowledged++;
    if (session.unacknowledged >= ACKNOWLEDGE_AFTER_PACKETS) this.acknowledge(session);
    else this.acknowledgeLater(session);
  }

  private acknowledgeLater(session: Session): void {
    session.timer ??= this.time.schedule(this.options.acknowledgeAfterMs, () => this.acknowledge(session));
  }

  private acknowledge(session: Session): void {
    session.timer?.cancel();
    session.timer = undefined;
    session.unacknowledged = 0;
    const { connection, expected } = session;
    if (!connection.isReady) return;
    // A sender that reads nothing is told later, or never when its silence ends the connection.
    if (connection.queuedBytes > this.options.maxQueuedBytes) this.acknowledgeLater(session);
    else answer(connection, false, expected);
  }

  private forgetSome(): void {
    let excess = this.sessions.size - this.options.maxReliableSessions;
    if (excess <= 0) return;
    for (const [sender, session] of this.sessions) {
      if (excess <= 0) return;
      if (this.connections.has(sender)) continue;
      this.forget(sender, session);
      excess--;
    }
  }

  private forget(sender: string, session: Session): void {
    session.timer?.cancel();
    session.isForgotten = true;
    this.sessions.delete(sender);
  }
}

function answer(to: PacketConnection, isSessionUnknown: boolean, next: number): void {
  writeAcknowledgement({ isSessionUnknown, next }, to.begin(ACKNOWLEDGE));
  to.end();
}

function outOfOrder(sender: string, found: number, expected: number): MoonpoolError {
  return new MoonpoolError('MALFORMED_PAYLOAD', {
    message: `A reliable message of ${sender} has the number ${found}; ${expected} comes next`,
  });
}
