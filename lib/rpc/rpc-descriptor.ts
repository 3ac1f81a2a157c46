import { describeValue } from '../errors/describe-value';
import { MoonpoolError } from '../errors/moonpool-error';
import { Uid } from '../identity/uid';
import type { Constructor } from '../injection/token';
import { describeParameters } from '../metadata/handler-parameters';
import { callDeclared } from '../metadata/declared-method';
import { kindOfAccepted, type ParameterKind } from '../metadata/parameter-kind';
import {
  RPC_INTERFACE_OPTIONS,
  RPC_METHOD_OPTIONS,
  rpcInterfaceOptionsOf,
  rpcMethodRecordsOf,
  type RpcMethodRecord,
} from '../metadata/rpc-record';
import { NAMES_OF_THE_LANGUAGE } from '../metadata/names-of-the-language';
import { unmarkedMethods } from '../metadata/unmarked-methods';
import { checkValues } from '../metadata/value-validator';
import { sentenceOf } from '../options/option-mistake';
import type { OptionTable } from '../options/option-table';

/** One method of an interface of fixed endpoints. */
export interface RpcMethodDescriptor {
  readonly method: string;
  /** Interface id and index: where its requests are taken. */
  readonly token: Uid;
  readonly parameters: readonly ParameterKind[];
  readonly checksArguments: boolean;
  /** How its reply is checked; undefined for plain data. */
  readonly answer: ParameterKind | undefined;
  /** Calls the method of the instance; the only way by which a request reaches user code. */
  readonly invoke: (instance: object, request: unknown) => unknown;
}

/** Everything that is known of an interface class; dispatch goes only through its tables. */
export interface RpcDescriptor {
  readonly name: string;
  readonly methods: readonly RpcMethodDescriptor[];
  /** The methods of the class that cannot be called from elsewhere. */
  readonly unmarked: readonly string[];
}

const HALF = 1n << 64n;
const MAX_INDEX = 0xffff_ffff;

/** What was read of the classes that have no mistake: a node asks others by the same few interfaces all the time. */
const descriptors = new WeakMap<Constructor<object>, RpcDescriptor>();

/**
 * What an interface class declares; it is read once.
 * @throws MoonpoolError INVALID_RPC_INTERFACE with every mistake of the class.
 */
export function describeInterface(type: Constructor<object>): RpcDescriptor {
  if (typeof type !== 'function')
    throw new MoonpoolError('INVALID_RPC_INTERFACE', {
      message: `${describeValue(type)} was given where a class with @RpcInterface is wanted, or an object of one\n`,
    });
  let descriptor = descriptors.get(type);
  if (descriptor === undefined) descriptors.set(type, (descriptor = readInterface(type)));
  return descriptor;
}

function readInterface(type: Constructor<object>): RpcDescriptor {
  const records = rpcMethodRecordsOf(type);
  const mistakes = [...findIdMistakes(type), ...findMethodMistakes(records)];
  checkValues({ handlers: records }, (mistake) =>
    mistakes.push(mistake.replaceAll('@Handler', '@RpcMethod').replace("a handler '", "a method '")),
  );
  if (mistakes.length > 0) {
    const list = mistakes.map((mistake) => `\n  - ${type.name} ${mistake}`).join('');
    const count = mistakes.length === 1 ? 'One mistake was' : `${mistakes.length} mistakes were`;
    throw new MoonpoolError('INVALID_RPC_INTERFACE', { message: `${count} found:${list}\n` });
  }
  const id = BigInt(rpcInterfaceOptionsOf(type)?.id ?? 0);
  const marked = new Set(records.map(({ method }) => method));
  return {
    name: type.name,
    methods: records.map((record) => describeMethod(id, record)),
    unmarked: unmarkedMethods(type, (name) => marked.has(name)),
  };
}

function describeMethod(
  id: bigint,
  { method, index, options, emittedTypes, form }: RpcMethodRecord,
): RpcMethodDescriptor {
  const { parameters, checksArguments } = describeParameters({ accepts: options.accepts, emittedTypes, form });
  return {
    method,
    token: Uid.of(id, BigInt(index)),
    parameters,
    checksArguments,
    answer: options.returns === undefined ? undefined : kindOfAccepted(options.returns),
    invoke: (instance, request) => callDeclared(instance, method, [request]),
  };
}

function findIdMistakes(type: Constructor<object>): readonly string[] {
  const options = rpcInterfaceOptionsOf(type);
  const id = options?.id;
  const mistakes =
    options === undefined || id === undefined ? [] : mistakesIn(RPC_INTERFACE_OPTIONS, options, '@RpcInterface');
  if (mistakes.length > 0) return mistakes;
  if (id === undefined) return ['has no number: write @RpcInterface({ id: ... }) above the class.'];
  const isWhole = typeof id === 'bigint' || Number.isSafeInteger(id);
  if (!isWhole || BigInt(id) < 0n || BigInt(id) >= HALF)
    return [`has the id ${describeValue(id)}: it must be a whole number from 0 to 2^64 - 2, a bigint above 2^53.`];
  return BigInt(id) === HALF - 1n ? ['has the id of the well-known endpoints: any smaller one will do.'] : [];
}

function mistakesIn<T extends object>(table: OptionTable<T>, options: unknown, decorator: string): readonly string[] {
  return table
    .mistakesIn(options, { door: decorator, path: '' })
    .map((mistake) => `is declared wrongly: ${sentenceOf(mistake)}`);
}

function findMethodMistakes(records: readonly RpcMethodRecord[]): readonly string[] {
  const mistakes: string[] = [];
  const methodByIndex = new Map<number, string>();
  if (records.length === 0) mistakes.push('has no method: mark at least one with @RpcMethod(index).');
  for (const { method, index, options, isStaticMember, form } of records) {
    mistakes.push(...mistakesIn(RPC_METHOD_OPTIONS, options, `@RpcMethod of ${method}`));
    if (isStaticMember) mistakes.push(`has @RpcMethod on the static member '${method}': requests go to an instance.`);
    if (form === undefined) mistakes.push(`has @RpcMethod on '${method}', which is no method.`);
    else if (form.count > 1)
      mistakes.push(
        `has a method '${method}' with ${form.count} parameters: a request is one value, so put them into one class.`,
      );
    if (!Number.isInteger(index) || index < 0 || index > MAX_INDEX)
      mistakes.push(
        `has a method '${method}' with the index ${describeValue(index)}: it must be a whole number from 0 to 2^32 - 1.`,
      );
    const other = methodByIndex.get(index);
    if (other !== undefined)
      mistakes.push(
        `has the index ${describeValue(index)} on '${other}' and on '${method}': an override in a subclass has no decorator of its own.`,
      );
    methodByIndex.set(index, method);
    if (method.startsWith('$'))
      mistakes.push(`has a method '${method}': names that begin with $ are controls of clients.`);
    const why = NAMES_OF_THE_LANGUAGE.get(method);
    if (why !== undefined) mistakes.push(`has a method '${method}': a client with it ${why}.`);
  }
  return mistakes;
}
