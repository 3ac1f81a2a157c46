/**
 * Who waits for each signal to abort. A place of the module and no part of anybody: it belongs to the signals, which are
 * those of users, may outlive whatever waits for them, and are forgotten with them.
 */
const listenersOf = new WeakMap<AbortSignal, SignalListeners>();

/**
 * Has the listener called when the signal aborts. Many calls may wait for one signal, so all of them together have one
 * listener on it: Node.js takes more than ten for a leak and warns. @param signal one that has not aborted.
 * @returns what ends the wait; it does nothing once the signal has aborted.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  let listeners = listenersOf.get(signal);
  if (listeners === undefined) {
    listeners = new SignalListeners(signal);
    listenersOf.set(signal, listeners);
  }
  return listeners.add(listener);
}

class SignalListeners {
  /** Each wait is a box of its own, so that one function may wait twice. */
  private readonly waiting = new Set<{ readonly listener: () => void }>();
  private readonly onSignal = (): void => this.callAll();

  constructor(private readonly signal: AbortSignal) {}

  add(listener: () => void): () => void {
    if (this.waiting.size === 0) this.signal.addEventListener('abort', this.onSignal, { once: true });
    const entry = { listener };
    this.waiting.add(entry);
    return () => {
      if (this.waiting.delete(entry) && this.waiting.size === 0)
        this.signal.removeEventListener('abort', this.onSignal);
    };
  }

  /** In the order of their waits. One that throws keeps no other one from being called. */
  private callAll(): void {
    const entries = [...this.waiting];
    let failure: { readonly error: unknown } | undefined;
    for (const entry of entries) {
      // One that was called before it may have ended its wait.
      if (!this.waiting.delete(entry)) continue;
      try {
        entry.listener();
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure !== undefined) throw failure.error;
  }
}
