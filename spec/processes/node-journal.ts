/** Something that an actor of these specs noted on its node. All processes run on one machine, so their clocks are one. */
export interface Note {
  /** Whom it is about: the key of an actor, most often. */
  readonly about: string;
  readonly what: string;
  /** The name of the node on which it was noted. */
  readonly node: string;
  /** When it was noted, in milliseconds. */
  readonly at: number;
}

const notes: Note[] = [];
const released = new Map<string, { readonly promise: Promise<void>; readonly open: () => void }>();

/** Notes something in the journal of this process, which its agent reads out. */
export function note(about: string, what: string, node: string): void {
  notes.push({ about, what, node, at: Date.now() });
}

/** What was noted in this process. */
export function notesAbout(about: string): readonly Note[] {
  return notes.filter((entry) => entry.about === about);
}

/** How many calls wait in the mailbox of an actor that is active in this process. The node says how it is known. */
export const mailboxes: { waiting: (path: string) => number } = { waiting: () => 0 };

/** Resolves when the turns of this process that wait for it are let go. */
export function release(about: string): Promise<void> {
  return gateOf(about).promise;
}

/** Lets those turns of this process go that wait for it, and those that will. */
export function letGo(about: string): void {
  gateOf(about).open();
}

function gateOf(about: string): { readonly promise: Promise<void>; readonly open: () => void } {
  let gate = released.get(about);
  if (gate === undefined) {
    let open = (): void => undefined;
    const promise = new Promise<void>((resolve) => (open = resolve));
    gate = { promise, open };
    released.set(about, gate);
  }
  return gate;
}
