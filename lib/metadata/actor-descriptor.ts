import type { Constructor, ServiceIdentifier } from '../injection/token';
import type { ActorOptions, HandlerOptions, PersistRecord } from './actor-record';

/** How the value of one parameter is checked and rebuilt. */
export type ParameterKind =
  | { readonly kind: 'anything' }
  | { readonly kind: 'primitive'; readonly type: 'string' | 'number' | 'boolean' | 'bigint' }
  | { readonly kind: 'payload'; readonly type: Constructor<object> };

/** A method that can be called through a reference. */
export interface HandlerDescriptor {
  readonly method: string;
  readonly options: HandlerOptions;
  readonly parameters: readonly ParameterKind[];
  /** False when any arguments will do, so that nobody needs to look at them. */
  readonly checksArguments: boolean;
  /** Calls the method of the instance; the only way by which a call reaches user code. */
  readonly invoke: (instance: object, args: readonly unknown[]) => unknown;
}

/** Everything that the runtime knows of an actor class; dispatch goes only through its tables. */
export interface ActorDescriptor {
  readonly name: string;
  readonly type: Constructor<object>;
  readonly options: ActorOptions;
  readonly handlers: ReadonlyMap<string, HandlerDescriptor>;
  readonly states: readonly PersistRecord[];
  /** What the constructor needs, parameter by parameter. */
  readonly dependencies: readonly ServiceIdentifier<unknown>[];
}
