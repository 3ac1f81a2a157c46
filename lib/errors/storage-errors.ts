/** The part of the catalogue that speaks of what is durable of actors, and of the store that keeps it. */
export const STORAGE_ERRORS = {
  NOT_IDEMPOTENT: {
    summary: 'The call has an idempotency key, and its actor cannot remember answers: nothing of it is durable.',
    remedy: 'Give the actor a state with @Persist, or call it without a key.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    summary: 'Another call, with other arguments, was executed under this idempotency key.',
    remedy: 'Use a new key for each thing that is to be done, and the same one only to repeat it.',
  },
  IDEMPOTENT_CALL_BROKEN: {
    summary: 'The call of this key was executed in part: something of it is durable, and it ended without an answer.',
    remedy:
      "Look at the state of the actor, and go on from there under another key. What must not be done in part is written in one commit: with persist: 'after-turn', and $deliver in place of calls in the middle.",
  },
  UNKNOWN_EVENT: {
    summary: 'A journal was given what is none of its events.',
    remedy: 'Mark the class with @JournalEvent, and list it in @Journal.',
  },
  JOURNAL_VALUE_CHANGED: {
    summary:
      'The value of a journal is not what its events come to: something else has changed it, or `apply` makes another value each time. Nothing of the turn was kept.',
    remedy:
      'Emit an event for each change, and let `apply` use nothing but the event and the value; keep what is no history in a state.',
  },
  READ_ONLY_HANDLER: {
    summary:
      'A handler that is declared readOnly has changed its actor, whose turns are written whole; nothing of that was kept.',
    remedy:
      'Leave out `readOnly` where a handler changes something, or keep what is no state of the actor in a field of its own.',
  },
  STATE_TOO_LARGE: {
    summary: 'The states of the actor together are larger than one record may be; nothing was written.',
    remedy:
      'Keep less in one actor: give its parts actors of their own, or keep a journal. `persistence.maxStateBytes` is the limit.',
  },
  STATE_INVALID: {
    summary:
      'A state breaks the rules that class-validator knows of its class: it was not written, or, when it is in the store, not served.',
    remedy:
      'Change in the handler what the message lists. What was stored before the rule was there becomes right by a new version with an upcast; `validate: false` in @Persist leaves the rules out.',
  },
  STATE_FENCED: {
    summary: 'A newer activation of the actor has claimed its state; the write was refused.',
    remedy: 'Nothing: this activation ends, and the newer one serves the next call.',
  },
  STORAGE_UNAVAILABLE: {
    summary: 'The storage did not answer; a write may or may not have been applied.',
    remedy:
      'Check the storage. An actor whose write failed ends, and reads its state again when it is called next; repeat only what is safe to repeat.',
  },
  STORAGE_CORRUPT: {
    summary: 'Stored bytes cannot be read back as the state that was declared.',
    remedy: 'Restore the record, or migrate it to the present class of the state.',
  },
  STATE_NOT_REBUILT: {
    summary:
      'A function of the application that makes the present state of what is stored (an upcast, or `apply` of a journal) failed; what is stored is sound, and was left as it is.',
    remedy: 'Correct the function, or go back to the release before it; the store needs no repair.',
  },
  STORAGE_TOO_NEW: {
    summary: 'The store was written by a newer version of Moonpool.',
    remedy: 'Use the newer version, or another store.',
  },
  STORAGE_REPLACED: {
    summary:
      'The file or a table of the store was deleted or cut, or another one was put in its place, while it was in use.',
    remedy: 'Put it back and start the node again; what it holds is changed only while no node uses it.',
  },
  STORAGE_NOT_DURABLE: {
    summary: 'The store acknowledges writes that are lost with its power, and that was not agreed to.',
    remedy: "Turn on the setting that the message names, or choose durability: 'relaxed'.",
  },
  STORAGE_UNSUITABLE: {
    summary: 'The store is not set up so that it can keep what is given to it.',
    remedy: 'Use a database that is set up as the message says.',
  },
  STORAGE_FULL: {
    summary: 'The store has no room left; nothing was written.',
    remedy:
      'Make room where the store lies. An actor whose write failed ends, and reads its state again when it is called next.',
  },
  STORAGE_READ_ONLY: {
    summary: 'The store may be read and not written.',
    remedy: 'Give the process the right to write the files of the store and their folder.',
  },
  STATE_MISPLACED: {
    summary: 'What is stored under one name is the record of another; it was neither taken nor changed.',
    remedy: 'Put each record back under the actor or the delivery that it names, or remove it; look for what moved it.',
  },
} as const;
