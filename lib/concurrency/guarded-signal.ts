import { forgoAnswer } from './prompt-answer';

/**
 * What aborts, and the signal of it that is handed to a program. Listeners on that are called in the midst of whatever aborts it, and Node.js
 * ends the process for one that throws, or whose promise is rejected: here it is told, and concerns nobody else.
 * @param onFailed learns what a listener has thrown.
 */
export function guardedAbort(onFailed: (error: unknown) => void): AbortController {
  const controller = new AbortController();
  const { signal } = controller;
  const guards = new WeakMap<object, (event: Event) => void>();
  const guardOf = (listener: Listener): Listener => {
    if ((typeof listener !== 'object' && typeof listener !== 'function') || listener === null) return listener;
    let guard = guards.get(listener);
    if (guard === undefined) {
      guard = guarded(signal, listener, onFailed);
      guards.set(listener, guard);
    }
    return guard;
  };
  // Whoever adds a listener asks the signal itself: `onabort`, `fetch` and `events.once` too.
  const { addEventListener, removeEventListener } = signal;
  define(signal, 'addEventListener', (type, listener, options) =>
    addEventListener.call(signal, type, guardOf(listener), options),
  );
  define(signal, 'removeEventListener', (type, listener, options) =>
    removeEventListener.call(signal, type, guardOf(listener), options),
  );
  return controller;
}

type Listener = Parameters<AbortSignal['addEventListener']>[1];

function define<Name extends 'addEventListener' | 'removeEventListener'>(
  signal: AbortSignal,
  name: Name,
  value: AbortSignal[Name],
): void {
  Object.defineProperty(signal, name, { value, enumerable: false, configurable: true, writable: true });
}

function guarded(
  signal: AbortSignal,
  listener: NonNullable<Listener>,
  onFailed: (error: unknown) => void,
): (event: Event) => void {
  return (event) => {
    try {
      forgoAnswer(
        typeof listener === 'function' ? listener.call(signal, event) : listener.handleEvent(event),
        onFailed,
      );
    } catch (error) {
      onFailed(error);
    }
  };
}
