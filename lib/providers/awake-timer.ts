import type { Timer, TimeProvider } from './time-provider';

/**
 * A timer that is late by less than this, in milliseconds, is as late as timers are in a process that has much to do; by more,
 * the process stood still: it was stopped, its machine was suspended, or one of its turns took very long.
 */
const STANDSTILL_MS = 200;

/**
 * For how long this process stood still, by a timer of its own that was due then; 0 when it was only a little late. Whoever judges
 * the silence of others takes that off, for what they said meanwhile could not be heard, and what they were to be asked was not.
 */
function standstill(dueAt: number, now: number): number {
  const lateMs = now - dueAt;
  return lateMs > STANDSTILL_MS ? lateMs : 0;
}

/** Calls back after the delay, once, and tells for how long this process stood still meanwhile, in milliseconds; mostly 0. */
export function scheduleLook(time: TimeProvider, delayMs: number, look: (standstillMs: number) => void): Timer {
  const dueAt = time.now() + delayMs;
  return time.schedule(delayMs, () => look(standstill(dueAt, time.now())));
}

/**
 * Calls back when so much time has passed that this process was awake for, in milliseconds: for limits on what others may take.
 * Not for what this process has promised to others, such as leases and deadlines, which end whether it sleeps or not.
 */
export function scheduleAwake(time: TimeProvider, delayMs: number, callback: () => void): Timer {
  let timer: Timer | undefined;
  const arm = (remainingMs: number): void => {
    timer = scheduleLook(time, remainingMs, (standstillMs) => {
      if (standstillMs > 0) arm(Math.min(standstillMs, delayMs));
      else callback();
    });
  };
  arm(delayMs);
  return { cancel: () => timer?.cancel() };
}
