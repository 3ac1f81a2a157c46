import { isClass, type Constructor } from '../injection/token';
import { isAccepted, type Accepted, type AcceptedParameters } from './accepted';
import type { PersistRecord } from './actor-record';
import { describeParameters, type ParameterSources } from './handler-parameters';
import type { JournalRecord } from './journal-record';
import { kindOfAccepted, type ParameterKind } from './parameter-kind';
import { mistakesOfClass, type ClassUse } from './payload-class';

/** A method that can be called from elsewhere, as its decorator has noted it. */
export interface NotedMethod extends Pick<ParameterSources, 'emittedTypes' | 'form'> {
  readonly method: string;
  readonly options: { readonly accepts?: AcceptedParameters; readonly returns?: Accepted };
}

/** The methods and durable fields of a class. */
export interface NotedMembers {
  readonly handlers: readonly NotedMethod[];
  readonly states?: readonly PersistRecord[];
  readonly journals?: readonly JournalRecord[];
}

/** What is wrong with the values that a class takes, gives and keeps, as sentences behind its name. */
export function checkValues(
  { handlers, states = [], journals = [] }: NotedMembers,
  say: (mistake: string) => void,
): void {
  const unseen: string[] = [];
  const tellOnce = new Set<string>();
  const tell = (where: string, type: Constructor<object>, use: ClassUse) => {
    for (const mistake of mistakesOfClass(type, use)) {
      if (tellOnce.has(mistake)) continue;
      tellOnce.add(mistake);
      say(`${where}: ${mistake}`);
    }
  };
  for (const { method, options, emittedTypes, form } of handlers) {
    const { parameters, unknown, mistakes } = describeParameters({ accepts: options?.accepts, emittedTypes, form });
    for (const mistake of mistakes) say(`has a handler '${method}' whose ${mistake}.`);
    if (unknown.length > 0) unseen.push(method);
    const answer = isAccepted(options?.returns) ? [kindOfAccepted(options.returns)] : [];
    for (const type of [...parameters, ...answer].flatMap(payloadsIn))
      tell(`has a handler '${method}'`, type, 'payload');
  }
  if (unseen.length > 0) {
    say(
      `has handlers whose parameters cannot be seen: ${unseen.join(', ')}. The compiler emits no types (tsx, esbuild and type stripping never do; tsc does with emitDecoratorMetadata), ` +
        'so say what each is, @Handler({ accepts: [Deposit, Number] }), or that nothing is to be checked, @Handler({ accepts: unchecked }).',
    );
  }
  for (const { property, type, isValidated } of states)
    if (isClass(type)) tell(`has @Persist on '${property}'`, type, isValidated ? 'ruled-state' : 'state');
  for (const { property, type, options } of journals) {
    if (isClass(type)) tell(`has @Journal on '${property}'`, type, 'state');
    // An event whose object cannot be made again would be stored all the same, and its actor never be activated again.
    for (const event of Array.isArray(options?.events) ? options.events : [])
      if (isClass(event)) tell(`has @Journal on '${property}'`, event, 'state');
  }
}

/** The payload classes within a kind. */
function payloadsIn(kind: ParameterKind): readonly Constructor<object>[] {
  switch (kind.kind) {
    case 'payload':
      return [kind.type];
    case 'list':
    case 'set':
      return payloadsIn(kind.item);
    case 'map':
      return [...payloadsIn(kind.key), ...payloadsIn(kind.item)];
    case 'nullable':
    case 'required':
      return payloadsIn(kind.inner);
    default:
      return [];
  }
}
