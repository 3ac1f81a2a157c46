import { Equals, Matches, validateSync, type ValidationError } from 'class-validator';
import { plainToInstance } from 'class-transformer';
import { IsLineNumber, IsMessageId, IsName, IsText, type Line } from './chat-messages';

/** The longest frame that a tab may send, in bytes. The longest that says something useful has half of that. */
export const FRAME_LIMIT = 8_192;

/** The first frame of a tab: which room, as whom, and the last line it has seen there. */
export class JoinFrame {
  @Equals('join') kind!: 'join';
  @Matches(/^[a-z0-9-]{1,32}$/, { message: 'a room is called by 1 to 32 small letters, digits and dashes' })
  room!: string;
  @IsName() name!: string;
  @IsLineNumber() after!: number;
}

/** Something to be said. The tab sends it again, unchanged, until it is answered. */
export class SayFrame {
  @Equals('say') kind!: 'say';
  @IsMessageId() id!: string;
  @IsText() text!: string;
  @IsLineNumber() seen!: number;
}

export type TabFrame = JoinFrame | SayFrame;

/** Why a frame, or what it asks for, was refused. */
export type RefusalReason =
  | 'no-json'
  | 'too-large'
  | 'unknown-kind'
  | 'invalid'
  | 'out-of-place'
  | 'too-fast'
  | 'room-full'
  | 'too-late'
  | 'failed';

/** What the gateway tells a tab. */
export type GatewayFrame =
  /** The tab is in the room. `gateways` are the addresses of all nodes' pages: where to go when this one ends. */
  | { readonly kind: 'welcome'; readonly node: string; readonly gateways: readonly string[] }
  | { readonly kind: 'lines'; readonly lines: readonly Line[] }
  /** These lines were said, and are kept no more. */
  | { readonly kind: 'missed'; readonly first: number; readonly last: number }
  /** The room has fewer lines than the tab has seen: it is another room of that name. The tab forgets what it has. */
  | { readonly kind: 'again' }
  | { readonly kind: 'news'; readonly node: string; readonly present: readonly string[] }
  /** The room cannot be reached at present; the next news say that it can. */
  | { readonly kind: 'away' }
  /** What was sent under the id is in the history. */
  | { readonly kind: 'said'; readonly id: string; readonly number: number }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly message: string; readonly id?: string }
  /** Comes when nothing else does, so that silence means that the connection is dead. */
  | { readonly kind: 'alive' };

/** A frame that is not taken, with a sentence for the person at the tab. */
export class FrameRefusal extends Error {
  override readonly name = 'FrameRefusal';
  constructor(
    readonly reason: RefusalReason,
    message: string,
    /** The message that it is about, if that can be known. */
    readonly id?: string,
  ) {
    super(message);
  }
}

/** Reads what a tab has sent. @throws FrameRefusal */
export function readFrame(bytes: Buffer, isBinary: boolean): TabFrame {
  if (bytes.length > FRAME_LIMIT)
    throw new FrameRefusal('too-large', `A frame has at most ${FRAME_LIMIT} bytes; this one has ${bytes.length}.`);
  const plain = isBinary ? undefined : parse(bytes.toString('utf8'));
  if (typeof plain !== 'object' || plain === null || Array.isArray(plain))
    throw new FrameRefusal('no-json', 'A frame is a JSON object.');
  const { kind, id } = plain as { readonly kind?: unknown; readonly id?: unknown };
  if (kind === 'join') return checked(plainToInstance(JoinFrame, plain));
  if (kind === 'say') return checked(plainToInstance(SayFrame, plain), typeof id === 'string' ? id : undefined);
  throw new FrameRefusal('unknown-kind', "A frame is of kind 'join' or 'say'.");
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function checked<T extends TabFrame>(frame: T, id?: string): T {
  const [error] = validateSync(frame, { whitelist: true, forbidNonWhitelisted: true, stopAtFirstError: true });
  if (error !== undefined) throw new FrameRefusal('invalid', sentence(error), id);
  return frame;
}

function sentence({ constraints = {}, property }: ValidationError): string {
  const [why = `${property} is wrong`] = Object.values(constraints);
  return `${why[0]?.toUpperCase()}${why.slice(1)}.`;
}
