import { IsInt, IsString, Length, Matches, Max, Min } from 'class-validator';

/** How much there may be of everything. */
export const LIMITS = {
  nameLength: 24,
  textLength: 500,
  /** How many lines a room keeps. */
  lines: 200,
  /** How many lines one answer has. */
  page: 50,
  /** How many members a room has. */
  members: 500,
} as const;

/** All of these rules for one field. */
function all(...rules: readonly PropertyDecorator[]): PropertyDecorator {
  return (target, property) => rules.forEach((rule) => rule(target, property));
}

/** The name of a person: something to read, and neither line breaks nor characters that turn the writing direction. */
export const IsName = (): PropertyDecorator =>
  all(
    IsString({ message: 'a name is a text' }),
    Length(1, LIMITS.nameLength, { message: `a name has 1 to ${LIMITS.nameLength} characters` }),
    Matches(/^[^\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u, {
      message: 'a name has no line breaks, and none of the characters that turn the direction of writing',
    }),
    Matches(/[\p{L}\p{N}\p{P}\p{S}]/u, { message: 'a name must not be blank' }),
  );

/** What somebody says. */
export const IsText = (): PropertyDecorator =>
  all(
    IsString({ message: 'a message is a text' }),
    Length(1, LIMITS.textLength, { message: `a message has 1 to ${LIMITS.textLength} characters` }),
    Matches(/[\p{L}\p{N}\p{P}\p{S}]/u, { message: 'a message must not be blank' }),
  );

/** The id that a client gives to a message, so that it may be sent again. */
export const IsMessageId = (): PropertyDecorator =>
  Matches(/^[\w-]{8,64}$/, { message: 'the id of a message has 8 to 64 letters, digits and dashes' });

/** The number of a line; 0 stands before the first. */
export const IsLineNumber = (): PropertyDecorator =>
  all(
    IsInt({ message: 'the number of a line is whole' }),
    Min(0, { message: 'the number of a line is not negative' }),
    Max(Number.MAX_SAFE_INTEGER, { message: 'the number of a line is too large' }),
  );

/** Who joins a room. */
export class Joining {
  @IsName() name!: string;
}

/** Something that is to be said in a room. */
export class Saying {
  /** The same each time that this message is sent. */
  @IsMessageId() id!: string;
  @IsName() from!: string;
  @IsText() text!: string;
  /** The last line that the speaker had seen when the message was sent first. */
  @IsLineNumber() seen!: number;
}

/** A question for what was said after a line. */
export class Asking {
  @IsLineNumber() after!: number;
}

/** Something that was said. */
export interface Line {
  /** Lines of a room are numbered from 1, without a gap. */
  readonly number: number;
  readonly id: string;
  readonly from: string;
  readonly text: string;
  /** Milliseconds since 1970 by the clock of the room's node: for people, not for the order. */
  readonly saidAt: number;
}

/** Lines in their order. */
export interface LinePage {
  readonly lines: readonly Line[];
  /** The first line that the room still keeps. */
  readonly first: number;
  /** The last line that was said. */
  readonly last: number;
}

/** What a room tells of itself. */
export interface RoomNews {
  /** The node that the room lives on at present. */
  readonly node: string;
  /** The last line that was said, by which a member sees that it missed one. */
  readonly last: number;
  /** The names of those who are here. */
  readonly present: readonly string[];
}

/** A message is in the history of its room. */
export interface Said {
  readonly number: number;
  readonly node: string;
}

/** A room that says no. Callers know it by its name and its reason, for classes do not travel. */
export class ChatRefusal extends Error {
  override readonly name = 'ChatRefusal';
  constructor(
    readonly reason: 'room-full' | 'too-late',
    message: string,
  ) {
    super(message);
  }
}

/** Whether this error is a {@link ChatRefusal}, from wherever it came. */
export function isChatRefusal(error: unknown): error is ChatRefusal {
  return error instanceof Error && error.name === 'ChatRefusal';
}
