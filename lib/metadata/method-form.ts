/** What the text of a method says of its parameters, where the compiler's metadata is silent. */
export interface MethodForm {
  /** How many parameters it declares, the rest parameter included. */
  readonly count: number;
  /** Which of them takes all further arguments; undefined when none does. */
  readonly restIndex: number | undefined;
}

const OPENING: ReadonlySet<string> = new Set(['(', '[', '{']);
const CLOSING: ReadonlySet<string> = new Set([')', ']', '}']);
/** Comments, texts and patterns, in which brackets and commas mean nothing. */
const NO_CODE =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|(?<=[=(,:[]\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n])+\/[a-z]*/g;

/** Reads the parameter list of a method from its source text; of what is no text of a method, its `length` is all that is known. */
export function formOfMethod(method: (...args: never[]) => unknown): MethodForm {
  const text = Function.prototype.toString.call(method).replace(NO_CODE, "''");
  const start = text.indexOf('(');
  const parameters = start < 0 || text.endsWith('[native code] }') ? undefined : splitList(text, start);
  if (parameters === undefined) return { count: method.length, restIndex: undefined };
  const restIndex = parameters.findIndex((parameter) => parameter.startsWith('...'));
  return { count: parameters.length, restIndex: restIndex < 0 ? undefined : restIndex };
}

/** The items of the list that opens at the position; undefined when it never closes. */
function splitList(text: string, start: number): readonly string[] | undefined {
  const items: string[] = [];
  let depth = 0;
  let from = start + 1;
  for (let at = start; at < text.length; at++) {
    const letter = text.charAt(at);
    if (OPENING.has(letter)) depth++;
    else if (CLOSING.has(letter)) depth--;
    const isEnd = depth === 0;
    if (!isEnd && !(letter === ',' && depth === 1)) continue;
    items.push(text.slice(from, at).trim());
    from = at + 1;
    if (isEnd) return items.filter((item) => item !== '');
  }
  return undefined;
}
