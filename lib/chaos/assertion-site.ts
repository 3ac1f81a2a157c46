import { MoonpoolError } from '../errors/moonpool-error';
import type { AssertionDescription, AssertionKind } from './assertion-recorder';

/** Where each name was declared. */
const places = new Map<string, string>();

/** An assertion of the code, declared where its file is loaded and looked at where the code runs. */
export abstract class AssertionSite implements AssertionDescription {
  /** @throws MoonpoolError DUPLICATE_ASSERTION when another assertion of the process has the name, declared at another place. */
  constructor(
    readonly name: string,
    readonly kind: AssertionKind,
    readonly buckets?: readonly string[] | undefined,
  ) {
    const place = callerOutsideOfThisRoom();
    const other = places.get(name);
    // Whoever watches files loads them again, and finds what they have declared before.
    if (other !== undefined && other !== place) {
      throw new MoonpoolError('DUPLICATE_ASSERTION', {
        message: `The assertion '${name}' is declared at ${other} and again at ${place}`,
      });
    }
    places.set(name, place);
  }
}

/** Frames of this room, compiled or mapped to its sources. */
const THIS_ROOM = /[\\/]lib[\\/]chaos[\\/]/;

/** The place of the declaration in the code that declares it. */
function callerOutsideOfThisRoom(): string {
  const frames = new Error('only its stack is wanted').stack?.split('\n').slice(1) ?? [];
  const place = frames.find((frame) => !THIS_ROOM.test(frame));
  return place?.trim().replace(/^at /, '') ?? 'an unknown place';
}
