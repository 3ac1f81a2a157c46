import type { StateCommit } from '../../storage/state-commit';
import { STATE_OPERATIONS } from '../../storage/state-storage';
import type { AskedOperation } from './sqlite-operations';

/**
 * A batch as it crosses to the thread. What is most of it, commits, crosses as one text, and all of their bytes as one block: each of their many
 * small objects and arrays would be copied by itself otherwise.
 */
export interface PackedBatch {
  /** A commit has no arguments here. */
  readonly operations: readonly AskedOperation[];
  /** The commits in their order, as JSON, with lengths in place of bytes. */
  readonly commits: string;
  /** The bytes of the commits, one behind the other. */
  readonly bytes: Uint8Array;
}

const COMMIT = STATE_OPERATIONS.commit.name;
const NO_ARGUMENTS: readonly unknown[] = [];

/** Bytes are whatever their place says. */
type Packed<T, Bytes> = { readonly [Part in keyof T]: T[Part] extends Uint8Array ? Bytes : T[Part] };

/** What a commit holds, with something else in place of bytes. */
interface CommitOf<Bytes> extends Omit<StateCommit, 'data' | 'events' | 'snapshot' | 'answers' | 'deliveries'> {
  readonly data?: Bytes | null | undefined;
  readonly events?: readonly Bytes[] | undefined;
  readonly snapshot?: Packed<NonNullable<StateCommit['snapshot']>, Bytes> | undefined;
  readonly answers?: readonly Packed<NonNullable<StateCommit['answers']>[number], Bytes>[] | undefined;
  readonly deliveries?: readonly Packed<NonNullable<StateCommit['deliveries']>[number], Bytes>[] | undefined;
}

export function packBatch(batch: readonly AskedOperation[]): PackedBatch {
  const parts: Uint8Array[] = [];
  let size = 0;
  const lengthOf = (bytes: Uint8Array): number => {
    parts.push(bytes);
    size += bytes.length;
    return bytes.length;
  };
  const commits: CommitOf<number>[] = [];
  const operations = batch.map(({ name, args }) => {
    if (name !== COMMIT) return { name, args };
    commits.push(converted(args[0] as StateCommit, lengthOf));
    return { name, args: NO_ARGUMENTS };
  });
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { operations, commits: commits.length === 0 ? '' : JSON.stringify(commits), bytes };
}

export function unpackBatch({ operations, commits, bytes }: PackedBatch): readonly AskedOperation[] {
  if (commits === '') return operations;
  let at = 0;
  const bytesOf = (length: number): Uint8Array => bytes.subarray(at, (at += length));
  const packed = JSON.parse(commits) as readonly CommitOf<number>[];
  let next = 0;
  return operations.map((operation) =>
    operation.name === COMMIT
      ? { name: COMMIT, args: [converted(packed[next++] as CommitOf<number>, bytesOf)] }
      : operation,
  );
}

/** The order in which bytes are asked for is the same on both sides. */
function converted<From, To>(commit: CommitOf<From>, convert: (bytes: From) => To): CommitOf<To> {
  const {
    actor,
    epoch,
    version,
    writeId,
    data,
    events,
    snapshot,
    answers,
    keptAnswers,
    deliveries,
    cancels,
    destroys,
  } = commit;
  return {
    actor,
    epoch,
    version,
    writeId,
    data: data === undefined || data === null ? data : convert(data),
    events: events?.map(convert),
    snapshot: snapshot && { upTo: snapshot.upTo, data: convert(snapshot.data as From) },
    answers: answers?.map(({ key, data: bytes }) => ({ key, data: convert(bytes as From) })),
    keptAnswers,
    deliveries: deliveries?.map(({ id, target, slot, due, data: bytes }) => ({
      ...{ id, target, slot, due },
      data: convert(bytes as From),
    })),
    cancels,
    destroys,
  } as CommitOf<To>;
}
