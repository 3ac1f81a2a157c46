import type { DeactivationReason } from './deactivation-reason';

/** An actor that does something before its first turn. Its state is loaded by then. */
export interface OnActivate {
  onActivate(): Promise<void> | void;
}

/** An actor that does something after its last turn. Not called when the process dies. */
export interface OnDeactivate {
  onDeactivate(reason: DeactivationReason): Promise<void> | void;
}

/** The methods that the runtime calls by name and that are never handlers. */
export type HookName = 'onActivate' | 'onDeactivate';

export const HOOK_NAMES: ReadonlySet<string> = new Set<HookName>(['onActivate', 'onDeactivate']);
