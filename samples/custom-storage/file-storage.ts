import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readdir, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { MoonpoolError, type ContainerModule } from 'moonpool';
import { StateStorage } from 'moonpool/modules';
import type { StateWrite, StoredState, WriteOutcome } from 'moonpool/modules';

const NEVER_WRITTEN: StoredState = { epoch: 0, version: 0, writeId: '', data: undefined };

/**
 * State of actors in files: a folder for each actor, and in it a file for each change, with its number as the name. A
 * change is made by linking the next number, which one process alone can do, so that no lock is needed; the greatest
 * number is what holds, and older files are removed.
 */
export class FileStorage implements StateStorage {
  constructor(private readonly folder: string) {}

  async claim(actor: string): Promise<StoredState> {
    for (;;) {
      const [change, state] = await this.find(actor);
      const claimed = { ...state, epoch: state.epoch + 1 };
      if (await this.put(actor, change + 1, claimed)) return claimed;
    }
  }

  async write({ actor, epoch, version, writeId, data }: StateWrite): Promise<WriteOutcome> {
    for (let isRepeated = false; ; isRepeated = true) {
      const [change, state] = await this.find(actor);
      // It was made, and others had gone on from there before that was known.
      if (isRepeated && state.writeId === writeId) return { kind: 'accepted', version: state.version };
      if (state.epoch !== epoch) return { kind: 'fenced', epoch: state.epoch };
      if (state.version !== version) return { kind: 'conflict', version: state.version, writeId: state.writeId };
      const written = { epoch, version: version + 1, writeId, data };
      if (await this.put(actor, change + 1, written)) return { kind: 'accepted', version: version + 1 };
    }
  }

  async read(actor: string): Promise<StoredState | undefined> {
    const [change, state] = await this.find(actor);
    return change === 0 ? undefined : state;
  }

  private async find(actor: string): Promise<readonly [change: number, state: StoredState]> {
    return answered(actor, async () => {
      const folder = this.folderOf(actor);
      for (;;) {
        const change = await lastChange(folder);
        if (change === 0) return [0, NEVER_WRITTEN];
        // It may have been removed since, by somebody who has made a greater one.
        const text = await readFile(join(folder, `${change}`), 'utf8').catch(unless('ENOENT'));
        if (text === undefined) continue;
        const { data, ...rest } = JSON.parse(text) as Omit<StoredState, 'data'> & { readonly data?: string };
        return [change, { ...rest, data: data === undefined ? undefined : Buffer.from(data, 'base64') }];
      }
    });
  }

  /** False when another process was faster. */
  private async put(actor: string, change: number, { data, ...rest }: StoredState): Promise<boolean> {
    return answered(actor, async () => {
      const folder = this.folderOf(actor);
      await mkdir(folder, { recursive: true });
      const draft = join(folder, `draft-${randomUUID()}`);
      const text = JSON.stringify({ actor, ...rest, data: data && Buffer.from(data).toString('base64') });
      await durably(draft, 'w', (file) => file.writeFile(text));
      try {
        const isMade = await link(draft, join(folder, `${change}`)).then(() => true, unless('EEXIST'));
        // Whoever was very slow may have linked a number that others had made, passed and removed long ago.
        if (isMade !== true || (await lastChange(folder)) !== change) return false;
      } finally {
        await unlink(draft);
      }
      await durably(folder, 'r', async () => undefined);
      for (const name of await readdir(folder))
        if (Number(name) < change) await unlink(join(folder, name)).catch(unless('ENOENT'));
      return true;
    });
  }

  /** Names of actors are longer than those of files may be, and some file systems do not tell upper from lower case. */
  private folderOf(actor: string): string {
    return join(this.folder, createHash('sha256').update(actor).digest('hex'));
  }
}

/** States in files below the folder; members and directory stay what they are. */
export function fileStorage(folder: string): ContainerModule {
  return { name: 'file-storage', load: (bind) => bind(StateStorage).toValue(new FileStorage(folder)) };
}

async function lastChange(folder: string): Promise<number> {
  const names = (await readdir(folder).catch(unless('ENOENT'))) ?? [];
  return Math.max(0, ...names.map(Number).filter(Number.isInteger));
}

/** What is done with the file is on the disk when this resolves. */
async function durably(path: string, flags: string, work: (file: OpenFile) => Promise<void>): Promise<void> {
  const file = await open(path, flags);
  try {
    await work(file);
    await file.sync();
  } finally {
    await file.close();
  }
}
type OpenFile = Awaited<ReturnType<typeof open>>;

/** Lets errors of one code pass, as nothing. */
function unless(code: string): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code !== code) throw error;
  };
}

async function answered<T>(actor: string, work: () => Promise<T>): Promise<T> {
  return work().catch((cause: unknown) => {
    const message = `The files of ${actor} could not be read or written: ${String(cause)}`;
    throw new MoonpoolError('STORAGE_UNAVAILABLE', { message, executed: 'maybe', cause });
  });
}
