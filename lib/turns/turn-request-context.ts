import type { ReferenceReader } from '../actor/carried-reference';
import type { RequestContext } from '../actor/request-context';
import { rebindReferences } from '../serialization/frozen-value';
import type { Turn } from './turn';

const NOTHING: Readonly<Record<string, unknown>> = {};

/** The request context of a turn, or, outside of turns, an empty one. */
export class TurnRequestContext implements RequestContext {
  /** @param references makes those in the values: every turn down the chain has the same values, and calls as itself. */
  constructor(
    private readonly turn: Turn | undefined,
    private readonly references: ReferenceReader,
  ) {}

  get(name: string): unknown {
    const values = this.turn?.values ?? NOTHING;
    return Object.hasOwn(values, name) ? rebindReferences(values[name], this.references) : undefined;
  }

  set(name: string, value: unknown): void {
    this.turn?.say(name, value);
  }

  get values(): Readonly<Record<string, unknown>> {
    return rebindReferences(this.turn?.values ?? NOTHING, this.references) as Readonly<Record<string, unknown>>;
  }
}
