import { Handler, Observer } from 'moonpool';
import type { Line, LinePage, RoomNews } from './chat-messages';

/** What a member does with what it hears, and how it asks. */
export interface MemberPart {
  /** Lines come once, in their order, without a gap. */
  hear(lines: readonly Line[]): void;
  hearNews(news: RoomNews): void;
  /** The lines from the first to the last number were said while nobody listened, and the room keeps them no more. */
  miss(first: number, last: number): void;
  /** Asks the room for what was said after a line. */
  ask(after: number): Promise<LinePage>;
}

/**
 * Somebody in a room, as the room sees them. The room tells each line once and waits for nobody, so a line may get lost on the
 * way, come late, or not be told at all while the room moves to another node. But lines are numbered: a member knows what it has
 * missed by the next line or by the next news, and asks for it.
 */
@Observer({ name: 'ChatMember' })
export class ChatMember {
  private lastKnown = 0;
  private isAsking = false;

  /** @param seen the last line that this member has seen already. */
  constructor(
    private readonly part: MemberPart,
    private seen = 0,
  ) {}

  /** The last line that was heard; all before it were heard too. */
  get lastSeen(): number {
    return this.seen;
  }

  @Handler() async said(line: Line): Promise<void> {
    if (line.number === this.seen + 1) this.hear([line]);
    this.learnLast(line.number);
  }

  @Handler() async news(news: RoomNews): Promise<void> {
    this.part.hearNews(news);
    this.learnLast(news.last);
  }

  /** There is a line of this number: whatever was not heard up to it is asked for. */
  learnLast(last: number): void {
    this.lastKnown = Math.max(this.lastKnown, last);
    // Nobody waits for this: a room that awaits its members must not be awaited by them.
    if (this.lastKnown > this.seen && !this.isAsking) void this.catchUp();
  }

  /** Forgets what it has seen: the room began again. */
  beginAgain(): void {
    this.seen = 0;
  }

  private async catchUp(): Promise<void> {
    this.isAsking = true;
    try {
      while (this.lastKnown > this.seen) {
        const { lines, first, last } = await this.part.ask(this.seen);
        if (first > this.seen + 1) {
          this.part.miss(this.seen + 1, first - 1);
          this.seen = first - 1;
        }
        this.hear(lines.filter(({ number }) => number > this.seen));
        this.lastKnown = Math.max(this.seen, last);
      }
    } catch {
      // The next news tells again what there is.
    } finally {
      this.isAsking = false;
    }
  }

  private hear(lines: readonly Line[]): void {
    const last = lines.at(-1);
    if (last === undefined) return;
    this.seen = last.number;
    this.part.hear(lines);
  }
}
