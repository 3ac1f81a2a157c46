import { refuseBare, requireExperimentalDecorators } from '../lib/metadata/decorator-style';
import { noteReminder } from '../lib/metadata/metadata-store';

/**
 * Marks a method that is called when a reminder is due, which `context.remind` has set: `async sendStatement(due: DueReminder)`. The call is
 * a turn like any other. A reminder outlives activations and nodes; its actor needs something durable, with which it is set and cancelled.
 * @param name the name of the reminder, which is stored. Default: the name of the method.
 */
export function Reminder(name?: string): MethodDecorator {
  refuseBare('@Reminder', 'member', arguments);
  return (target, method, descriptor?: PropertyDescriptor) => {
    requireExperimentalDecorators('@Reminder', method);
    const isStaticMember = typeof target === 'function';
    noteReminder(isStaticMember ? target : target.constructor, {
      method: String(method),
      name: name ?? String(method),
      isStaticMember,
      isMethod: typeof descriptor?.value === 'function',
    });
  };
}
