import type { Invocation } from '../calls/invocation';
import { argumentForms } from '../serialization/argument-form';
import { isolated, uncarriedArguments } from '../serialization/uncarried-value';
import { isolate } from '../serialization/value-isolation';

/** The call with arguments of its own, for its caller may change his before it leaves, or while it is repeated. @throws MoonpoolError UNSERIALIZABLE_VALUE */
export function withOwnArguments(invocation: Invocation): Invocation {
  const { handler, args, target } = invocation;
  if (handler.options.share === true) return invocation;
  try {
    return { ...invocation, args: argumentForms(handler, args).map((arg) => isolate(arg)) };
  } catch (error) {
    throw uncarriedArguments(`the call ${handler.method} of ${target.id.path}`, args, error, isolated);
  }
}
