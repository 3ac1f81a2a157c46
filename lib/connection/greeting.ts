import { scheduleAwake } from '../providers/awake-timer';
import type { Timer } from '../providers/time-provider';
import { Handshake, refusalPacket } from '../handshake/handshake';
import type { HandshakeSide } from '../handshake/handshake-side';
import type { Hello } from '../handshake/hello';
import { explainUnreadable } from '../handshake/refusal';
import type { Uid } from '../identity/uid';
import type { ConnectionSetting } from './connection-setting';

/** What becomes of a greeting. */
export interface GreetingEvents {
  /** Sends bytes at once. */
  write(bytes: Uint8Array): void;
  /** Both sides have greeted: packets may go. */
  onDone(remote: Hello): void;
  /**
   * The sides do not come together.
   * @param wasTold the other side learned why, which should arrive: the stream is to be ended in order.
   */
  onFailed(error: unknown, wasTold: boolean): void;
  /** The other side speaks an earlier version alone: it is to be given another stream, and a {@link Greeting.begin} on that. */
  onOutdated(): void;
  /** It took longer than it may, in milliseconds. */
  onLate(limitMs: number): void;
}

/** The beginning of a connection, before any packet is taken for what it is: the handshake, and the time that it may take. */
export class Greeting {
  private handshake: Handshake;
  private readonly limit: Timer;

  constructor(
    private readonly side: HandshakeSide,
    private readonly setting: ConnectionSetting,
    private readonly events: GreetingEvents,
  ) {
    this.handshake = new Handshake(side, setting, (bytes) => events.write(bytes));
    const { handshakeLimitMs } = setting.options;
    this.limit = scheduleAwake(setting.time, handshakeLimitMs, () => events.onLate(handshakeLimitMs));
  }

  /** There is a stream. */
  begin(): void {
    this.handshake.begin();
  }

  /** Takes a packet. @throws what a dialler is refused with; an acceptor has told the other side, and its owner. */
  receive(token: Uid, payload: Buffer): void {
    let remote: Hello | undefined;
    try {
      remote = this.handshake.receive(token, payload);
    } catch (error) {
      // The refusal that was just written should arrive; a dialler has written nothing that matters.
      if (this.side === 'dialler') {
        if (!this.handshake.asksForProtocol2) throw error;
        this.handshake = new Handshake(this.side, this.setting, (bytes) => this.events.write(bytes), true);
        this.events.onOutdated();
        return;
      }
      this.events.onFailed(error, true);
      return;
    }
    if (remote === undefined) return;
    this.end();
    this.events.onDone(remote);
  }

  /** The other side did not begin as it should: whoever dialled here learns why. */
  unreadable(chunk: Uint8Array, error: unknown): void {
    const why = explainUnreadable(chunk, error);
    if (this.side === 'acceptor') this.events.write(refusalPacket(why));
    this.events.onFailed(why, this.side === 'acceptor');
  }

  /** It is over, or of no use any more. */
  end(): void {
    this.limit.cancel();
  }
}
