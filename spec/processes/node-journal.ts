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

/** Notes something in the journal of this process, which its agent reads out. */
export function note(about: string, what: string, node: string): void {
  notes.push({ about, what, node, at: Date.now() });
}

/** What was noted in this process. */
export function notesAbout(about: string): readonly Note[] {
  return notes.filter((entry) => entry.about === about);
}
