import { randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import { isMoonpoolError, MoonpoolError, type ContainerModule } from 'moonpool';
import { StateStorage, StorageModel, type StateCommit } from 'moonpool/modules';
import type { ActorQuery, DeliveryQuery, DeliveryRange, Forgetting, NewDelivery, Settlement } from 'moonpool/modules';

type Method = keyof StateStorage;
type Answer<Name extends Method> = Awaited<ReturnType<StateStorage[Name]>>;
type Operation = readonly [name: Method, args: readonly unknown[]];
/** Operations that were done together, and when. */
interface Group {
  readonly at: number;
  readonly operations: readonly Operation[];
}
type Waiting = Readonly<Record<'resolve' | 'reject', (outcome: unknown) => void>> & { readonly operation: Operation };

const CHANGES: readonly Method[] = ['claim', 'commit', 'deliver', 'settle', 'forget'];
const CHECKSUM_BYTES = 4;

/**
 * What is durable of actors, as a log of all changes: numbered files, each with a group of operations. A group is added by linking the next number, which
 * one process alone can do, so that no lock is needed; whoever was slower reads what others have added, and tries the number behind it. All who follow the log
 * come to the same content, for the model does the same with the same operations at the same times. The log only grows: a storage for more would mend that.
 */
export class FileStorage implements StateStorage {
  private number = 0;
  private now = 0;
  private readonly model = new StorageModel(() => this.now);
  private waiting: Waiting[] = [];
  private isBusy = false;

  constructor(private readonly folder: string) {}

  claim = (actor: string) => this.ask('claim', actor);
  commit = (commit: StateCommit) => this.ask('commit', commit);
  read = (actor: string) => this.ask('read', actor);
  list = (query: ActorQuery) => this.ask('list', query);
  count = (prefix: string) => this.ask('count', prefix);
  history = (actor: string, from: number, limit: number) => this.ask('history', actor, from, limit);
  answer = (actor: string, key: string) => this.ask('answer', actor, key);
  deliver = (deliveries: readonly NewDelivery[]) => this.ask('deliver', deliveries);
  due = (range: DeliveryRange, limit: number) => this.ask('due', range, limit);
  settle = (settlement: Settlement) => this.ask('settle', settlement);
  deliveries = (query: DeliveryQuery) => this.ask('deliveries', query);
  forget = (forgetting: Forgetting) => this.ask('forget', forgetting);

  private ask<Name extends Method>(name: Name, ...args: Parameters<StateStorage[Name]>): Promise<Answer<Name>> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ operation: [name, args], resolve: (answer) => resolve(answer as Answer<Name>), reject });
      if (!this.isBusy) void this.work();
    });
  }

  /** What is asked while a group is being added becomes the next one, and shares its syncs. */
  private async work(): Promise<void> {
    this.isBusy = true;
    while (this.waiting.length > 0) {
      const asked = this.waiting.splice(0);
      const operations = asked.map(({ operation }) => operation);
      try {
        const at = await this.add(operations.filter(([name]) => CHANGES.includes(name)));
        this.apply({ at, operations }).forEach((answer, index) => asked[index]?.resolve(answer));
      } catch (cause) {
        const message = `The files in ${this.folder} could not be read or written: ${String(cause)}`;
        const failure = new MoonpoolError('STORAGE_UNAVAILABLE', { message, executed: 'maybe', cause });
        for (const { reject } of asked) reject(isMoonpoolError(cause) ? cause : failure);
      }
    }
    this.isBusy = false;
  }

  /** Adds the changes behind all that others have added. Returns when they are done, by a clock that never goes back. */
  private async add(operations: readonly Operation[]): Promise<number> {
    for (;;) {
      for (let group = await this.next(); group !== undefined; group = await this.next()) this.apply(group);
      const at = Math.max(this.now, Date.now());
      if (operations.length === 0 || (await this.put(serialize({ at, operations })))) return at;
    }
  }

  private apply({ at, operations }: Group): readonly unknown[] {
    this.now = at;
    const methods = this.model as unknown as Readonly<Record<Method, (...args: readonly unknown[]) => unknown>>;
    return operations.map(([name, args]) => methods[name](...args));
  }

  /** The group that others have added behind those that are known. */
  private async next(): Promise<Group | undefined> {
    const path = join(this.folder, `${this.number + 1}`);
    const bytes = await readFile(path).catch(unless('ENOENT'));
    if (bytes === undefined) return undefined;
    const content = bytes.subarray(CHECKSUM_BYTES);
    if (bytes.length < CHECKSUM_BYTES || bytes.readUInt32LE() !== crc32(content))
      throw new MoonpoolError('STORAGE_CORRUPT', { message: `The file ${path} does not have its checksum` });
    this.number++;
    return deserialize(content) as Group;
  }

  /** False when another process was faster. */
  private async put(content: Buffer): Promise<boolean> {
    const checksum = Buffer.alloc(CHECKSUM_BYTES);
    checksum.writeUInt32LE(crc32(content));
    await mkdir(this.folder, { recursive: true });
    const draft = join(this.folder, `draft-${randomUUID()}`);
    await writeFile(draft, Buffer.concat([checksum, content]), { flush: true });
    const added = link(draft, join(this.folder, `${this.number + 1}`)).then(() => true, unless('EEXIST'));
    const isAdded = await added.finally(() => unlink(draft));
    if (isAdded !== true) return false;
    const folder = await open(this.folder);
    await folder.sync().finally(() => folder.close());
    this.number++;
    return true;
  }
}

/** What is stored of actors in files of the folder; members and directory stay what they are. */
export function fileStorage(folder: string): ContainerModule {
  return { name: 'file-storage', load: (bind) => bind(StateStorage).toValue(new FileStorage(folder)) };
}

/** Lets errors of one code pass, as nothing. */
function unless(code: string): (error: NodeJS.ErrnoException) => undefined {
  return (error) => {
    if (error.code !== code) throw error;
  };
}
