import type { HandlerDescriptor, TurnMode } from './actor-descriptor';

/** How work goes that is no handler of a class. */
export interface OwnWorkOptions {
  /** How its turns go with others. Default: `alone`. */
  readonly mode?: TurnMode;
  /** Whether its turns count as use of their actor. Default: true. */
  readonly keepsAlive?: boolean;
}

const NOTHING: readonly never[] = [];

/** Work that the runtime does in turns of an actor, hooks, ticks and reminders, as its turns know it: nobody calls it from elsewhere, so that its arguments need no look. */
export function ownWork(
  method: string,
  invoke: HandlerDescriptor['invoke'],
  { mode = 'alone', keepsAlive = true }: OwnWorkOptions = {},
): HandlerDescriptor {
  return {
    method,
    options: { keepsAlive },
    parameters: NOTHING,
    mode,
    mayReenter: false,
    checksArguments: false,
    // Where there is one it is put in the place of this.
    classVersion: undefined,
    invoke,
  };
}
