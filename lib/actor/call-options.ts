/** How a call is made; given with `$with`. */
export interface CallOptions {
  /** Milliseconds until the call fails with CALL_TIMEOUT. Default: 30,000, and never beyond the deadline of the calling turn. */
  readonly timeoutMs?: number;
  /** Ends the wait with CALL_CANCELLED when it aborts. A call that has not left this node is then never executed. */
  readonly signal?: AbortSignal;
}
