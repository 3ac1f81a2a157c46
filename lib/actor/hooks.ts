import type { DeactivationReason } from './deactivation-reason';

/** An actor that does something before its first turn. Its state is loaded by then. */
export interface OnActivate {
  onActivate(): Promise<void> | void;
}

/** An actor that does something after its last turn. Not called when the process dies. */
export interface OnDeactivate {
  onDeactivate(reason: DeactivationReason): Promise<void> | void;
}

/**
 * An actor that takes along what it has in memory alone when it moves to another node. Neither hook is called when it ends and is made again elsewhere: after a crash, or
 * where a move did not succeed.
 */
export interface OnMigrate<State> {
  /**
   * What is to be taken along, as values that a call could carry. Called after the last turn, in a turn of its own, before `onDeactivate`. What cannot be carried, or an
   * error, leaves the actor to be made without it.
   */
  onDehydrate(): Promise<State> | State;
  /** Gets it on the new node, when the durable state is loaded, before `onActivate`. */
  onRehydrate(state: State): Promise<void> | void;
}

/** The methods that the runtime calls by name and that are never handlers. */
export type HookName = 'onActivate' | 'onDeactivate' | 'onDehydrate' | 'onRehydrate';

export const HOOK_NAMES: ReadonlySet<string> = new Set<HookName>([
  'onActivate',
  'onDeactivate',
  'onDehydrate',
  'onRehydrate',
]);
