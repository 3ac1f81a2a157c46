import type { RequestContext } from '../actor/request-context';
import type { Turn } from './turn';

const NOTHING: Readonly<Record<string, unknown>> = {};

/** The request context of a turn, or, outside of turns, an empty one. */
export class TurnRequestContext implements RequestContext {
  constructor(private readonly turn: Turn | undefined) {}

  get(name: string): unknown {
    return Object.hasOwn(this.values, name) ? this.values[name] : undefined;
  }

  set(name: string, value: unknown): void {
    this.turn?.say(name, value);
  }

  get values(): Readonly<Record<string, unknown>> {
    return this.turn?.values ?? NOTHING;
  }
}
