import type { HandlerDescriptor } from '../metadata/actor-descriptor';
import type { ParameterKind } from '../metadata/parameter-kind';
import { choosesClasses, classForm } from './class-form';

/** What is known of the values of a method, of an actor or of a fixed endpoint. */
type MethodValues = Pick<HandlerDescriptor, 'parameters' | 'restIndex' | 'answer'>;

/** Which parts of a handler's values tell their class by a name. */
interface Forms {
  readonly parameters: readonly (ParameterKind | undefined)[] | undefined;
  readonly answer: ParameterKind | undefined;
}

/** By handler; an entry goes when its class goes. Nearly no handler has any. */
const known = new WeakMap<MethodValues, Forms>();

function formsOf(handler: MethodValues): Forms {
  let forms = known.get(handler);
  if (forms === undefined) {
    const { parameters, answer } = handler;
    const chosen = parameters.map((kind) => (choosesWithin(kind) ? kind : undefined));
    forms = {
      parameters: chosen.some((kind) => kind !== undefined) ? chosen : undefined,
      answer: answer !== undefined && choosesWithin(answer) ? answer : undefined,
    };
    known.set(handler, forms);
  }
  return forms;
}

/** The arguments as they are sent: themselves, unless a field of theirs may hold one of several classes, whose name then goes with it. */
export function argumentForms(handler: MethodValues, args: readonly unknown[]): readonly unknown[] {
  if (handler.parameters.length === 0) return args;
  const { parameters } = formsOf(handler);
  if (parameters === undefined) return args;
  const { restIndex = Infinity } = handler;
  return args.map((arg, index) => {
    const kind = parameters[Math.min(index, restIndex)];
    return kind === undefined ? arg : formWithin(kind, arg);
  });
}

/** As {@link argumentForms}, for an answer. */
export function answerForm(handler: MethodValues, value: unknown): unknown {
  // Most answers are plain data.
  if (handler.answer === undefined) return value;
  const { answer } = formsOf(handler);
  if (answer === undefined) return value;
  return Array.isArray(value) && answer.kind !== 'list'
    ? value.map((item) => formWithin(answer, item))
    : formWithin(answer, value);
}

function choosesWithin(kind: ParameterKind): boolean {
  switch (kind.kind) {
    case 'payload':
      return choosesClasses(kind.type);
    case 'list':
    case 'set':
      return choosesWithin(kind.item);
    case 'map':
      return choosesWithin(kind.key) || choosesWithin(kind.item);
    case 'nullable':
    case 'required':
      return choosesWithin(kind.inner);
    default:
      return false;
  }
}

function formWithin(kind: ParameterKind, value: unknown): unknown {
  switch (kind.kind) {
    case 'payload':
      return classForm(kind.type, value);
    case 'list':
      return Array.isArray(value) ? value.map((item) => formWithin(kind.item, item)) : value;
    case 'set':
      return value instanceof Set ? new Set([...value].map((item) => formWithin(kind.item, item))) : value;
    case 'map':
      return value instanceof Map
        ? new Map([...value].map(([key, item]) => [formWithin(kind.key, key), formWithin(kind.item, item)]))
        : value;
    case 'nullable':
    case 'required':
      return formWithin(kind.inner, value);
    default:
      return value;
  }
}
