import {
  Actor,
  ActorContext,
  ActorState,
  Handler,
  inject,
  ObserverSet,
  Persist,
  type ActorReference,
  type OnActivate,
} from 'moonpool';
import type { ChatMember } from './chat-member';
import {
  Asking,
  ChatRefusal,
  Joining,
  LIMITS,
  Saying,
  type Line,
  type LinePage,
  type RoomNews,
  type Said,
} from './chat-messages';

/** How long somebody is a member who does not join again, in milliseconds. */
const MEMBERSHIP_MS = 10_000;
/** How often members learn what there is, in milliseconds. */
const PULSE_MS = 2_000;
/** How long a member may take to hear the pulse, in milliseconds. */
const PULSE_LIMIT_MS = 1_500;

/** What was said in a room, as far as it is kept. */
export class ChatLog {
  last = 0;
  lines: Line[] = [];
}

/** A room that people chat in. Its history is durable; its members are those who keep joining. */
@Actor({ name: 'ChatRoom' })
export class ChatRoom implements OnActivate {
  @Persist(ChatLog) private readonly log!: ActorState<ChatLog>;
  private readonly members: ObserverSet<ChatMember>;
  private readonly named = new Map<string, { readonly member: ActorReference<ChatMember>; readonly name: string }>();

  constructor(@inject(ActorContext) private readonly context: ActorContext) {
    this.members = new ObserverSet(context, MEMBERSHIP_MS);
  }

  onActivate(): void {
    // It overlaps the turns, so that nobody who speaks waits for somebody who does not listen.
    this.context.timer(() => this.pulse(), { everyMs: PULSE_MS, interleave: true, name: 'pulse' });
  }

  /** Makes somebody a member, or keeps them one. Who is told nothing asks for {@link history}. @throws ChatRefusal room-full */
  @Handler() async join(member: ActorReference<ChatMember>, who: Joining): Promise<RoomNews> {
    if (!this.members.has(member) && this.members.size >= LIMITS.members) {
      throw new ChatRefusal('room-full', `${LIMITS.members} people are here already. Try another room.`);
    }
    const before = this.present();
    this.members.subscribe(member);
    this.named.set(member.$id.path, { member, name: who.name });
    await this.tellWhoIsHere(before);
    return this.news();
  }

  @Handler() async leave(member: ActorReference<ChatMember>): Promise<void> {
    const before = this.present();
    this.members.unsubscribe(member);
    await this.tellWhoIsHere(before);
  }

  /**
   * Says something, once: sent again under the same id it is the same line. The answer means that the line is on the disk.
   * @throws ChatRefusal too-late, when so much was said since that the room cannot tell whether this was.
   */
  @Handler() async say(saying: Saying): Promise<Said> {
    const { value } = this.log;
    const { name: node } = this.context.node;
    const { id, from, text, seen } = saying;
    const known = value.lines.find((line) => line.id === id);
    if (known !== undefined) return { number: known.number, node };
    if (seen + 1 < this.first) {
      throw new ChatRefusal(
        'too-late',
        `So much was said meanwhile that nobody knows whether this message was. Look, then send it again if it is missing.`,
      );
    }
    const line: Line = { number: ++value.last, id, from, text, saidAt: this.context.time.wallClock() };
    value.lines.push(line);
    if (value.lines.length > LIMITS.lines) value.lines.shift();
    await this.log.persist();
    await this.members.notify(async (member) => member.$send.said(line));
    return { number: line.number, node };
  }

  /** What was said after a line, the oldest first; at most {@link LIMITS}.page lines at a time. */
  @Handler({ readOnly: true }) async history(asking: Asking): Promise<LinePage> {
    const { lines, last } = this.log.value;
    const from = Math.max(0, asking.after + 1 - this.first);
    return { lines: lines.slice(from, from + LIMITS.page), first: this.first, last };
  }

  private get first(): number {
    const { lines, last } = this.log.value;
    return last - lines.length + 1;
  }

  private news(): RoomNews {
    return { node: this.context.node.name, last: this.log.value.last, present: this.present() };
  }

  private present(): readonly string[] {
    for (const [path, { member }] of this.named) if (!this.members.has(member)) this.named.delete(path);
    return [...new Set([...this.named.values()].map(({ name }) => name))].sort();
  }

  private async tellWhoIsHere(before: readonly string[]): Promise<void> {
    const news = this.news();
    if (news.present.join('\n') !== before.join('\n'))
      await this.members.notify(async (member) => member.$send.news(news));
  }

  /** Awaits the members, for that is how those are found who have gone without a word. */
  private async pulse(): Promise<void> {
    await this.members.notify((member) => member.news(this.news()), PULSE_LIMIT_MS);
  }
}
