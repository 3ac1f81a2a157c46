import type { RecordedOperation } from '../histories/history';

/** What an operation does to the state of a model. */
export interface ModelStep<S> {
  readonly state: S;
  /** What the caller must be told. */
  readonly result: unknown;
}

/**
 * What one key should do, as a small sequential program: the reference that a history is compared with. States are plain data
 * and are never changed in place.
 */
export interface Model<S> {
  readonly name: string;
  readonly initial: S;
  step(state: S, operation: Pick<RecordedOperation, 'operation' | 'argument'>): ModelStep<S>;
  /** True for operations that never change the state. Evidence gets shorter, and the witness check sharper. Default: none. */
  isRead?(operation: Pick<RecordedOperation, 'operation' | 'argument'>): boolean;
  /** A text that tells states apart. Default: the state as canonical text. */
  stateKey?(state: S): string;
}
