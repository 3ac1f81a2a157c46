import { Actor, ActorContext, Handler, inject, Persist, type ActorState } from 'moonpool';
import {
  Invariant,
  SimulationTest,
  type ClusterView,
  type SimulatedCluster,
  type SimulatedNode,
} from 'moonpool/simulation';

const KEYS = ['a', 'b', 'c'];
const CALLS_EACH = 16;
const PATIENCE = { timeoutMs: 300_000 };

class Pages {
  titles: string[] = [];
}

class Photos {
  titles: string[] = [];
}

/** Has states in two storages, which no commit goes to together. */
@Actor({ name: 'Album' })
class Album {
  @Persist(Pages) private readonly pages!: ActorState<Pages>;
  @Persist(Photos, { storage: 'archive' }) private readonly photos!: ActorState<Photos>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  /** The photo first, so that no page is without it. */
  @Handler() async paste(title: string): Promise<void> {
    this.photos.value.titles.push(title);
    await this.photos.persist();
    this.pages.value.titles.push(title);
    await this.pages.persist();
  }

  /** Waits for nothing: its answer does. */
  @Handler({ idempotent: true }) async pasteOnce(title: string): Promise<number> {
    this.pages.value.titles.push(title);
    void this.pages.persist();
    this.photos.value.titles.push(title);
    void this.photos.persist();
    return this.photos.value.titles.length;
  }

  @Handler({ idempotent: true }) async shoot(title: string): Promise<void> {
    this.photos.value.titles.push(title);
    await this.photos.persist();
  }

  @Handler() async burn(): Promise<void> {
    await this.context.destroy();
  }

  @Handler({ readOnly: true }) async titles(): Promise<{ pages: string[]; photos: string[] }> {
    return { pages: this.pages.value.titles, photos: this.photos.value.titles };
  }
}

/** Has nothing in the default storage. */
@Actor({ name: 'Frame' })
class Frame {
  @Persist(Photos, { storage: 'archive' }) private readonly photos!: ActorState<Photos>;

  @Handler() async hang(title: string): Promise<void> {
    this.photos.value.titles.push(title);
    void this.photos.persist();
  }

  @Handler({ readOnly: true }) async titles(): Promise<string[]> {
    return this.photos.value.titles;
  }
}

/** What was answered is durable in every storage that it speaks of, and what has a key is done once in all of them. */
export class NamedStoragesSimulation {
  static readonly actors = [Album, Frame];
  /** What was answered since somebody looked. */
  private answered: {
    readonly type: typeof Album | typeof Frame;
    readonly key: string;
    readonly state: string;
    readonly title: string;
  }[] = [];

  @SimulationTest(20, { nodes: 3, clients: 3, chaos: 'hostile' })
  async whatIsAnsweredIsInEveryStorage(cluster: SimulatedCluster): Promise<void> {
    const repeated = new Set<unknown>();
    let recalled = 0;
    cluster.onEvent(({ fields }) => repeated.add(fields['storage']), ['store-write-conflict', 'store-write-fenced']);
    cluster.onEvent(() => recalled++, ['answer-recalled']);
    const clients = Array.from({ length: cluster.clientCount }, (_, client) => client);
    await Promise.all([...clients.map((client) => this.fill(cluster, client)), endNodes(cluster)]);
    await cluster.quiesce();
    for (const key of KEYS) {
      const { pages, photos } = await eventually(cluster, () => cluster.client(0).actor(Album, key).titles());
      const missing = pages.filter((title) => title.startsWith('paste ') && !photos.includes(title));
      if (missing.length > 0) throw new Error(`${key} has pages without photos: ${missing.join()}`);
      await eventually(cluster, () => cluster.client(0).actor(Frame, key).titles());
    }
    cluster.sometimes('a write comes to a named storage twice, or too late', repeated.has('archive'));
    cluster.sometimes('a call is answered from what was remembered', recalled > 0);
    await this.burn(cluster);
  }

  @Invariant({ after: ['turn-start', 'store-write-accepted', 'call-end'] })
  whatIsAnsweredIsDurable(view: ClusterView): void {
    for (const { type, key, state, title } of this.answered.splice(0))
      if (view.stateOf<Photos>(type, key, state)?.titles.includes(title) !== true)
        throw new Error(`${title} was answered, and is not durable in ${state} of ${key}`);
  }

  /** A call that has a key is executed once, in whatever storage it writes. */
  @Invariant({ after: ['store-write-accepted'] })
  whatHasAKeyIsDoneOnce(view: ClusterView): void {
    for (const key of KEYS) {
      const titles = view.stateOf<Photos>(Album, key, 'photos')?.titles ?? [];
      const once = titles.filter((title) => !title.startsWith('paste '));
      if (new Set(once).size < once.length) throw new Error(`${key} has a photo twice: ${titles.join()}`);
    }
  }

  /** Makes calls of all kinds, some of which fail, as they may. */
  private async fill(cluster: SimulatedCluster, client: number): Promise<void> {
    for (let count = 0; count < CALLS_EACH; count++) {
      const key = KEYS[cluster.random.below(KEYS.length)] as string;
      const album = cluster.client(client).actor(Album, key);
      const title = `${['paste', 'once', 'shoot', 'hang'][cluster.random.below(4)]} ${client}-${count}`;
      const note = (states: readonly string[], type: typeof Album | typeof Frame = Album): void => {
        for (const state of states) this.answered.push({ type, key, state, title });
      };
      try {
        if (title.startsWith('paste')) {
          await album.paste(title);
          note(['pages', 'photos']);
        } else if (title.startsWith('once')) {
          await album.$with(PATIENCE).pasteOnce(title);
          note(['pages', 'photos']);
        } else if (title.startsWith('shoot')) {
          await album.$with(PATIENCE).shoot(title);
          note(['photos']);
        } else {
          await cluster.client(client).actor(Frame, key).hang(title);
          note(['photos'], Frame);
        }
      } catch {
        // Whoever gets no answer knows nothing.
      }
      await cluster.sleep(cluster.random.below(200));
    }
  }

  /** An actor that is deleted is in no storage any more. */
  private async burn(cluster: SimulatedCluster): Promise<void> {
    for (const key of KEYS) {
      await eventually(cluster, () => cluster.client(0).actor(Album, key).burn());
      const { pages, photos } = await eventually(cluster, () => cluster.client(0).actor(Album, key).titles());
      if (pages.length + photos.length > 0) throw new Error(`${key} was deleted, and has ${photos.join()}`);
    }
  }
}

/** Processes end and start again while they write: what is on its way to a storage may come after the next claim there. */
async function endNodes(cluster: SimulatedCluster): Promise<void> {
  for (let round = 0; round < 6; round++) {
    await cluster.sleep(100 + cluster.random.below(500));
    const node = cluster.nodes[cluster.random.below(cluster.nodes.length)] as SimulatedNode;
    if (!node.isOn) continue;
    await cluster.crash(node, 'process');
    await cluster.restart(node);
  }
}

async function eventually<T>(cluster: SimulatedCluster, ask: () => Promise<T>): Promise<T> {
  for (let round = 0; ; round++) {
    try {
      return await ask();
    } catch (error) {
      if (round === 60) throw error;
      await cluster.sleep(500);
    }
  }
}
