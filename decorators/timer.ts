import type { TimerOptions } from '../lib/metadata/actor-record';
import { refuseBare, requireExperimentalDecorators } from '../lib/metadata/decorator-style';
import { noteTimer } from '../lib/metadata/metadata-store';

/**
 * Marks a method that is called again and again while its actor is active. Each tick is a turn like any other; ticks of
 * one timer never overlap, and one that fails is logged and harms nothing. A timer does not outlive its activation: for
 * that, there are reminders: see `@Reminder`.
 */
export function Timer(options: TimerOptions): MethodDecorator {
  refuseBare('@Timer', 'member', arguments);
  return (target, method, descriptor?: PropertyDescriptor) => {
    requireExperimentalDecorators('@Timer', method);
    const isStaticMember = typeof target === 'function';
    noteTimer(isStaticMember ? target : target.constructor, {
      method: String(method),
      options,
      isStaticMember,
      isMethod: typeof descriptor?.value === 'function',
    });
  };
}
