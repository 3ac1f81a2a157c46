import { expect } from 'chai';
import {
  Actor,
  ActorContext,
  Handler,
  inject,
  Journal,
  JournalEvent,
  Persist,
  Reminder,
  retry,
  type ActorJournal,
  type ActorReference,
  type ActorState,
} from 'moonpool';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';
import { PATIENCE } from './patience';

const BURSTS = 6;
const MOST_AT_ONCE = 6;
/** How much of the time that answers are remembered passes at the end, in milliseconds. */
const LATER_MS = { least: 70_000, more: 60_000 };

const ONE_HOUR_MS = 3_600_000;

class Papers {
  keys: string[] = [];
}

class Copies {
  keys: string[] = [];
  /** By which order there is a reminder; empty when there is to be none. */
  plan = '';
}

class Note {
  text = '';
}

@JournalEvent('filed')
class Filed {
  constructor(readonly key = '') {}
}

class Register {
  keys: string[] = [];

  apply({ key }: Filed): void {
    this.keys.push(key);
  }
}

/** All that is durable of a folder, wherever it is kept. */
interface Books {
  readonly papers: readonly string[];
  readonly copies: readonly string[];
  readonly register: readonly string[];
  readonly history: readonly string[];
  readonly plan: string;
  readonly isPlanned: boolean;
  readonly note: string;
}

/** Keeps each paper three times, has a reminder or none, and is burnt now and then. */
@Actor({ name: 'Folder', persist: 'after-turn' })
class Folder {
  @Persist(Papers) private readonly papers!: ActorState<Papers>;
  @Persist(Copies) private readonly copies!: ActorState<Copies>;
  @Persist(Note) private readonly slip!: ActorState<Note>;
  @Journal(Register, { events: [Filed], snapshotEvery: 3 }) private readonly register!: ActorJournal<Register>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  /** The list itself is the answer, which later turns go on with. */
  @Handler() async file(key: string, pages: number): Promise<string[]> {
    const { papers, copies, register } = this;
    if (pages < 1) throw new RangeError('an empty paper');
    papers.value.keys.push(key);
    copies.value.keys.push(key);
    register.emit(new Filed(key));
    return papers.value.keys;
  }

  /** Under a key of the runtime's own. */
  @Handler({ idempotent: true }) async fileOnce(key: string): Promise<string[]> {
    return this.file(key, 1);
  }

  @Handler({ idempotent: true }) async plan(order: string): Promise<void> {
    this.copies.value.plan = order;
    await this.context.cancelReminder('review');
    if (order !== '') await this.context.remind('review', { delayMs: ONE_HOUR_MS });
  }

  @Reminder('review') async review(): Promise<void> {
    throw new Error('the world ends before the hour is over');
  }

  @Handler({ idempotent: true }) async note(text: string): Promise<void> {
    if (text === '') await this.slip.clear();
    else this.slip.value.text = text;
  }

  /** Answers with the papers that are gone. */
  @Handler({ idempotent: true }) async burn(): Promise<string[]> {
    const { keys } = this.papers.value;
    await this.context.destroy();
    return keys;
  }

  @Handler() async close(): Promise<void> {
    this.context.deactivateOnIdle();
  }

  @Handler({ readOnly: true }) async books(): Promise<Books> {
    const { papers, copies, register, slip, context } = this;
    const history: string[] = [];
    for await (const { event } of register.history()) history.push((event as Filed).key);
    return {
      papers: papers.value.keys,
      copies: copies.value.keys,
      register: register.value.keys,
      history,
      plan: copies.value.plan,
      isPlanned: (await context.reminders()).length > 0,
      note: slip.value.text,
    };
  }
}

type FolderReference = ActorReference<Folder>;

/** What was filed and not burnt since, as its only writer knows it, and what was. */
interface Known {
  papers: readonly string[];
  readonly burnt: string[];
}

/** Actors that are deleted while they are asked, and made again: what is gone is gone everywhere, and what comes later is all there. */
export class DeletedActorsSimulation {
  static readonly actors = [Folder];

  /** The last seed: the write of an activation was refused while the next turn looked for the answer of its key, and then ran on what was not written. */
  @SimulationTest([1, 2, 82_860_021], { nodes: 3, clients: 3, chaos: 'hostile' })
  async whatIsBurntIsGoneAndNothingElse(cluster: SimulatedCluster): Promise<void> {
    const folders = Array.from({ length: cluster.clientCount }, (_, index) => {
      const folder = cluster.client(index).actor(Folder, `f${index}`).$with({ timeoutMs: 300_000 });
      return { folder, known: { papers: [], burnt: [] } as Known };
    });
    await Promise.all(folders.map(({ folder, known }) => fileAndBurn(cluster, folder, known)));
    await cluster.quiesce();
    await Promise.all(folders.map(({ folder, known }) => lookLater(cluster, folder, known)));
  }
}

/** One writer for each folder: it asks for several things at once, and looks at what has come of them before it asks for more. */
async function fileAndBurn(cluster: SimulatedCluster, folder: FolderReference, known: Known): Promise<void> {
  const { random } = cluster;
  for (let burst = 0; burst < BURSTS; burst++) {
    const filed: string[] = [];
    const burns: Promise<string[]>[] = [];
    const others: Promise<void>[] = [];
    for (let index = 1 + random.below(MOST_AT_ONCE); index > 0; index--) {
      const what = random.below(8);
      const name = `${folder.$id.key}-${burst}-${index}`;
      // One at a time: another one would have what the first has answered forgotten.
      if (what === 0 && burns.length === 0) burns.push(folder.burn());
      else if (what < 4) others.push(folder.plan(what === 1 ? '' : name));
      else {
        filed.push(name);
        others.push(file(folder, name, random.below(2) === 0));
      }
    }
    await Promise.all(others);
    const burnt = (await Promise.all(burns)).flat();
    const { papers } = await booksOf(folder);
    const expected = [...known.papers, ...filed];
    if (burns.length === 0) expect([...papers].sort(), 'filed and not burnt').to.deep.equal([...expected].sort());
    else expect([...new Set([...papers, ...burnt])], 'filed').to.include.members(expected);
    cluster.sometimes('a folder is burnt', burnt.length > 0);
    cluster.sometimes('something is filed while a folder is burnt', burnt.length > 0 && papers.length > 0);
    known.papers = papers;
    known.burnt.push(...burnt.filter((key) => !papers.includes(key) && !filed.includes(key)));
    await cluster.sleep(random.below(1_000));
  }
}

/** The answer of a turn is what was true at its end. */
async function file(folder: FolderReference, key: string, isUnnamed = false): Promise<void> {
  const named = folder.$with({ timeoutMs: 300_000, idempotencyKey: key });
  const keys = await (isUnnamed ? folder.fileOnce(key) : named.file(key, 1));
  expect(keys.at(-1), 'the last paper, as whoever has filed it was told').to.equal(key);
}

/** What a folder has in several places is the same everywhere. */
async function booksOf(folder: FolderReference): Promise<Books> {
  const books = await retry(() => folder.books(), PATIENCE);
  const { papers, copies, register, history, plan, isPlanned } = books;
  expect({ copies, register, history }, 'copies, register and history').to.deep.equal({
    copies: papers,
    register: papers,
    history: papers,
  });
  expect(isPlanned, `there is a reminder by the order '${plan}'`).to.equal(plan !== '');
  return books;
}

/** In peace: what was burnt is forgotten, with its answers; and what was not is remembered, though the folder was closed and minutes have passed. */
async function lookLater(cluster: SimulatedCluster, folder: FolderReference, { papers, burnt }: Known): Promise<void> {
  const { random } = cluster;
  const late = `${folder.$id.key}-late`;
  const before = [...papers];
  await file(folder, late);
  before.push(late);
  const [forgotten] = burnt;
  if (forgotten !== undefined) {
    await file(folder, forgotten);
    before.push(forgotten);
  }
  await folder.note('a note');
  await folder.note('');
  const isClosed = random.below(2) === 0;
  if (isClosed) await folder.close();
  const books = await booksOf(folder);
  expect(books.papers, 'filed in peace').to.deep.equal(before);
  expect(books.note, 'a note that was cleared').to.equal('');
  await cluster.sleep(LATER_MS.least + random.below(LATER_MS.more));
  await folder.plan('');
  const again = folder.$with({ idempotencyKey: late });
  const answer = await again.file(late, 1);
  expect(answer, 'the answer that was given before').to.deep.equal([...papers, late]);
  const reused = await again.file(late, 2).catch((error: unknown) => (error as { code?: string }).code);
  expect(reused, 'another call under the key').to.equal('IDEMPOTENCY_KEY_REUSED');
  expect((await booksOf(folder)).papers, 'filed once').to.deep.equal(before);
  cluster.sometimes('what is remembered was written by an earlier activation', isClosed);
  cluster.sometimes('what was burnt is filed again', forgotten !== undefined);
}
