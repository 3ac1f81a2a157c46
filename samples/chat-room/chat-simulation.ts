import { isMoonpoolError, retry, type ActorReference } from 'moonpool';
import { Invariant, SimulationTest, type ClusterView, type SimulatedCluster } from 'moonpool/simulation';
import { ChatMember } from './chat-member';
import type { Line, Said } from './chat-messages';
import { ChatRoom, type ChatLog } from './chat-room';

const ROOM = 'lobby';
const PEOPLE = ['ann', 'ben', 'cem'];
const MESSAGES_EACH = 8;
const CALL = { timeoutMs: 2_000 };
const PATIENCE = { deadlineMs: 600_000 };

/** People chat while nodes crash and the network parts: who said something said it once, and everybody reads the same. */
export class ChatSimulation {
  static readonly actors = [ChatRoom];
  static readonly observers = [ChatMember];

  @SimulationTest([...Array.from({ length: 20 }, (_, index) => index + 1), 1_795_725_061], {
    nodes: 3,
    clients: PEOPLE.length,
    chaos: 'hostile',
  })
  async everybodyReadsTheSame(cluster: SimulatedCluster): Promise<void> {
    const homes = new Set<string>();
    const people = PEOPLE.map((name, index) => new Person(name, index, cluster, homes));
    await Promise.all(people.map((person) => person.enter()));
    await Promise.all(people.map((person) => person.chat()));
    await cluster.quiesce();

    const history = await readHistory(cluster);
    const acknowledged = people.flatMap((person) => [...person.acknowledged]);
    for (const [id, number] of acknowledged) {
      const lines = history.filter((line) => line.id === id);
      if (lines.length !== 1 || lines[0]?.number !== number)
        throw new Error(
          `${id} was acknowledged as line ${number}, and is in the history as ${lines.map((line) => line.number).join(' and ') || 'nothing'}`,
        );
    }
    if (history.length !== acknowledged.length)
      throw new Error(`${acknowledged.length} messages were said, and ${history.length} are in the history`);
    for (const person of people) await person.expectToHave(history);
    cluster.sometimes('the room moved to another node', homes.size > 1);

    const [ann, ...others] = people as [Person, ...Person[]];
    await Promise.all(others.map((person) => person.exit()));
    await ann.expectToSee(['ann']);
    await ann.exit();
  }

  /** What is stored has no gap, and no message twice, at any moment. */
  @Invariant({ after: ['store-write-accepted'] })
  linesAreNumbered(view: ClusterView): void {
    const log = view.stateOf<ChatLog>(ChatRoom, ROOM);
    if (log === undefined) return;
    const ids = new Set(log.lines.map(({ id }) => id));
    if (ids.size !== log.lines.length)
      throw new Error(`a message is in the history twice: ${log.lines.map(({ id }) => id).join(', ')}`);
    log.lines.forEach(({ number }, index) => {
      if (number !== log.last - log.lines.length + 1 + index)
        throw new Error(`line ${number} stands at place ${index} of ${log.lines.length}, and the last is ${log.last}`);
    });
  }
}

/** Somebody with a client of their own, who chats and listens. */
class Person {
  readonly acknowledged = new Map<string, number>();
  private readonly heard: Line[] = [];
  private readonly room: ActorReference<ChatRoom>;
  private readonly member: ChatMember;
  private present: readonly string[] = [];
  private end: () => Promise<void> = async () => undefined;

  constructor(
    private readonly name: string,
    private readonly index: number,
    private readonly cluster: SimulatedCluster,
    private readonly homes: Set<string>,
  ) {
    this.room = cluster.client(index).actor(ChatRoom, ROOM).$with(CALL);
    this.member = new ChatMember({
      hear: (lines) => void this.heard.push(...lines),
      hearNews: ({ node, present }) => {
        homes.add(node);
        this.present = present;
      },
      // Nothing that is said here is old enough to be dropped; a line too few is found at the end.
      miss: () => undefined,
      ask: async (after) => {
        const page = await this.room.history({ after });
        cluster.sometimes('a member missed a line and asked for it', page.lines.length > 0);
        return page;
      },
    });
  }

  async enter(): Promise<void> {
    const join = async (me: ActorReference<ChatMember>): Promise<void> => {
      // An observation ends with a first subscription that fails; this one goes on trying.
      const news = await this.room.join(me, { name: this.name }).catch(() => undefined);
      if (news !== undefined) await this.member.news(news);
    };
    const observation = await this.cluster.client(this.index).observe(this.member, join, { renewMs: 1_000 });
    this.end = () => observation.end();
  }

  async chat(): Promise<void> {
    const { cluster, name, room, member } = this;
    for (let count = 1; count <= MESSAGES_EACH; count++) {
      const saying = { id: `${name}-message-${count}`, from: name, text: `${count} of ${name}`, seen: member.lastSeen };
      const onRetry = (error: unknown): void => {
        cluster.sometimes(
          'a message is sent again that may have been said',
          isMoonpoolError(error) && error.executed !== 'no',
        );
      };
      const said: Said = await retry(() => room.say(saying), { ...PATIENCE, onRetry });
      this.acknowledged.set(saying.id, said.number);
      this.homes.add(said.node);
      await cluster.sleep(cluster.random.below(800));
    }
  }

  /** In a calm world nobody waits for long until they have read everything. */
  async expectToHave(history: readonly Line[]): Promise<void> {
    for (let waitedMs = 0; waitedMs < 30_000 && this.member.lastSeen < history.length; waitedMs += 100)
      await this.cluster.sleep(100);
    const read = this.heard.map(({ number, id }) => `${number} ${id}`).join(', ');
    const wanted = history.map(({ number, id }) => `${number} ${id}`).join(', ');
    if (read !== wanted) throw new Error(`${this.name} has read ${read || 'nothing'}, and the history is ${wanted}`);
  }

  async expectToSee(present: readonly string[]): Promise<void> {
    for (let waitedMs = 0; waitedMs < 30_000 && this.present.join() !== present.join(); waitedMs += 100)
      await this.cluster.sleep(100);
    if (this.present.join() !== present.join())
      throw new Error(
        `${this.name} sees ${this.present.join(', ')} in the room, where ${present.join(', ')} should be`,
      );
  }

  /** Goes without a word; the room finds out. */
  exit(): Promise<void> {
    return this.end();
  }
}

async function readHistory(cluster: SimulatedCluster): Promise<readonly Line[]> {
  const room = cluster.client().actor(ChatRoom, ROOM).$with(CALL);
  const history: Line[] = [];
  for (;;) {
    const after = history.length;
    const { lines, last } = await retry(() => room.history({ after }), PATIENCE);
    history.push(...lines);
    if (history.length >= last) return history;
  }
}
