import { EnvelopeKind, type RequestEnvelope } from './envelope';
import { RequestField } from './request-fields';

/** Where the deadline of a request is, behind kind, correlation and incarnation; and the text of its target, behind a length. */
const DEADLINE_OFFSET = 17;
const TARGET_OFFSET = 27;

/** How long the tag of a field and its length are together. */
const FIELD_HEAD_BYTES = 4;

/** What can be known of a request before it is read: enough to refuse it. */
export interface RequestOutline {
  readonly kind: RequestEnvelope['kind'];
  readonly correlation: number;
  readonly incarnation: number;
  readonly deadline: number;
  readonly target: string;
  /** A turn waits for it. */
  readonly isNested: boolean;
}

/** The deadline of a request; undefined for all other messages, and for what will be found malformed. */
export function deadlineIn(payload: Buffer): number | undefined {
  const kind = payload[0];
  const isRequest = kind === EnvelopeKind.request || kind === EnvelopeKind.oneWay;
  return isRequest && payload.length >= TARGET_OFFSET ? payload.readDoubleLE(DEADLINE_OFFSET) : undefined;
}

/** What can be known of the request whose deadline was found; undefined when it will be found malformed. */
export function outlineOf(payload: Buffer, deadline: number): RequestOutline | undefined {
  const targetEnd = TARGET_OFFSET + payload.readUInt16LE(TARGET_OFFSET - 2);
  // Behind the target come the method, a text with its length in one byte, and the fields.
  const fieldsAt = targetEnd + 1 + (payload[targetEnd] ?? 0);
  const isNested = hasChain(payload, fieldsAt);
  if (isNested === undefined) return undefined;
  return {
    kind: payload[0] as RequestEnvelope['kind'],
    correlation: payload.readDoubleLE(1),
    incarnation: payload.readDoubleLE(9),
    deadline,
    target: payload.toString('utf8', TARGET_OFFSET, targetEnd),
    isNested,
  };
}

/** Whether one of the fields is a chain; undefined when they will be found malformed. */
function hasChain(payload: Buffer, fieldsAt: number): boolean | undefined {
  if (fieldsAt + 2 > payload.length) return undefined;
  let at = fieldsAt + 2;
  const end = at + payload.readUInt16LE(fieldsAt);
  if (end > payload.length) return undefined;
  for (; at + FIELD_HEAD_BYTES <= end; at += FIELD_HEAD_BYTES + payload.readUInt16LE(at + 2))
    if (payload.readUInt16LE(at) === RequestField.chain) return true;
  return at === end ? false : undefined;
}
