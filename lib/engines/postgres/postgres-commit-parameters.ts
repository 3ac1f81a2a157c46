import type { NewAnswer, StateCommit } from '../../storage/state-commit';
import type { Due, NewDelivery } from '../../storage/stored-delivery';
import type { CommitShape } from './postgres-commit-statement';
import { rowSeal } from './postgres-seal';
import { byteArray } from './postgres-values';

/** A checksum without the record is that of what stays when another record takes its place. */
export const NO_RECORD = new Uint8Array();

/** A batch of commits as the parameters of its statement, in the order in which that has them. */
export interface CommitParameters {
  readonly parts: CommitShape;
  readonly values: unknown[];
}

/** @param cluster whose deliveries and answers these are. */
export function commitParameters(commits: readonly StateCommit[], cluster: string): CommitParameters {
  const [events, answers] = [eventsOf(commits), answersOf(commits)];
  const [deliveries, cancels] = [deliveriesOf(commits), cancelsOf(commits)];
  const parts = {
    isSingle: commits.length === 1,
    events: events.length > 0,
    answers: answers.length > 0,
    keeps: commits.some(({ keptAnswers }) => keptAnswers !== undefined),
    deliveries: deliveries.length > 0,
    cancels: cancels.length > 0,
  };
  const values = [
    ...commitValues(commits),
    ...(parts.answers ? answerValues(answers, cluster) : []),
    ...(parts.events ? eventValues(events) : []),
    ...(parts.deliveries || parts.cancels ? [cluster] : []),
    ...(parts.deliveries ? [deliveries.map(({ n }) => n), ...deliveryValues(deliveries.map(({ one }) => one))] : []),
    ...(parts.cancels ? [cancels.map(({ n }) => n), cancels.map(({ one }) => one)] : []),
  ];
  return { parts, values };
}

/** Deliveries as parallel lists: id, target, slot, moment, wait, checksum, record, checksum of the record. */
export function deliveryValues(deliveries: readonly NewDelivery[]): unknown[] {
  return [
    deliveries.map(({ id }) => id),
    deliveries.map(({ target }) => target),
    deliveries.map(({ slot }) => slot),
    deliveries.map(({ due }) => momentOf(due)),
    deliveries.map(({ due }) => waitOf(due)),
    deliveries.map(({ id, target, slot }) => rowSeal(NO_RECORD, id, target, slot)),
    byteArray(deliveries.map(({ data }) => data)),
    deliveries.map(({ id, data }) => rowSeal(data, id)),
  ];
}

/** What is not due after a wait is due at a moment. Parts of a millisecond are rounded up, so that nothing comes early. */
export function momentOf(due: Due): number | null {
  return 'at' in due ? Math.ceil(due.at) : null;
}

export function waitOf(due: Due): number | null {
  return 'at' in due ? null : Math.ceil(due.inMs);
}

/** What a commit changes: its actor, and deliveries by their ids. */
export function keysOfCommit({ actor, deliveries = [], cancels = [] }: StateCommit): readonly string[] {
  if (deliveries.length === 0 && cancels.length === 0) return [actor];
  return [actor, ...deliveries.map(({ id }) => `\0${id}`), ...cancels.map((id) => `\0${id}`)];
}

/** How many bytes its records have. */
export function bytesOfCommit({ data, events = [], snapshot, answers = [], deliveries = [] }: StateCommit): number {
  let bytes = (data?.length ?? 0) + (snapshot?.data.length ?? 0);
  for (const event of events) bytes += event.length;
  for (const answer of answers) bytes += answer.data.length;
  for (const delivery of deliveries) bytes += delivery.data.length;
  return bytes;
}

function commitValues(commits: readonly StateCommit[]): unknown[] {
  return [
    commits.map((_, n) => n),
    commits.map(({ actor }) => actor),
    commits.map(({ epoch }) => epoch),
    commits.map(({ version }) => version),
    commits.map(({ writeId }) => writeId),
    commits.map(({ data }) => data !== undefined),
    byteArray(commits.map(({ data }) => data ?? null)),
    commits.map(({ snapshot }) => snapshot?.upTo ?? null),
    byteArray(commits.map(({ snapshot }) => snapshot?.data ?? null)),
    commits.map(({ events }) => events?.length ?? 0),
    commits.map(({ answers }) => answers?.length ?? 0),
    commits.map(({ keptAnswers }) => keptAnswers ?? null),
  ];
}

/** Something of the commit with that number. */
interface PartOf<T> {
  readonly n: number;
  readonly one: T;
}

/** Counted from 1 within its commit. */
interface Placed<T> extends PartOf<T> {
  readonly place: number;
}

function eventsOf(commits: readonly StateCommit[]): readonly (Placed<Uint8Array> & { readonly actor: string })[] {
  return commits.flatMap(({ actor, events = [] }, n) =>
    events.map((one, index) => ({ n, actor, one, place: index + 1 })),
  );
}

function eventValues(events: ReturnType<typeof eventsOf>): unknown[] {
  return [
    events.map(({ n }) => n),
    events.map(({ place }) => place),
    byteArray(events.map(({ one }) => one)),
    events.map(({ actor, one }) => rowSeal(one, actor)),
  ];
}

/** Of several under one key the last counts, and of more than are kept the last. */
function answersOf(commits: readonly StateCommit[]): readonly (Placed<NewAnswer> & { readonly actor: string })[] {
  return commits.flatMap(({ actor, answers = [], keptAnswers }, n) => {
    const placed = answers.map((one, index) => ({ n, actor, one, place: index + 1 }));
    const byKey = new Map<string, (typeof placed)[number]>();
    for (const answer of placed.reverse()) if (!byKey.has(answer.one.key)) byKey.set(answer.one.key, answer);
    const lasts = [...byKey.values()];
    return lasts.slice(0, keptAnswers ?? lasts.length);
  });
}

function answerValues(answers: ReturnType<typeof answersOf>, cluster: string): unknown[] {
  return [
    answers.map(({ n }) => n),
    answers.map(({ place }) => place),
    answers.map(({ one }) => one.key),
    byteArray(answers.map(({ one }) => one.data)),
    answers.map(({ actor, one }) => rowSeal(one.data, actor, one.key)),
    answers.map(() => cluster),
  ];
}

function deliveriesOf(commits: readonly StateCommit[]): readonly PartOf<NewDelivery>[] {
  return commits.flatMap(({ deliveries = [] }, n) =>
    [...new Map(deliveries.map((one) => [one.id, one])).values()].map((one) => ({ n, one })),
  );
}

/** What is cancelled and made again in one commit is made. */
function cancelsOf(commits: readonly StateCommit[]): readonly PartOf<string>[] {
  return commits.flatMap(({ cancels = [], deliveries = [] }, n) =>
    [...new Set(cancels)].filter((id) => !deliveries.some((made) => made.id === id)).map((one) => ({ n, one })),
  );
}
