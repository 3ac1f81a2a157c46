import 'reflect-metadata';
import { anyOf, anything, mandatory } from '../options/option-kind';
import { optionTable } from '../options/option-table';
import { ACCEPTED_WORDS, isAccepted, type Accepted } from './accepted';
import type { MethodForm } from './method-form';
import { appendRecord, collectRecords } from './metadata-store';

/** The options of `@RpcInterface`. */
export interface RpcInterfaceOptions {
  /**
   * The number of the interface on the wire, the first half of the tokens of its methods: a whole number below 2^64 that no
   * other interface has. It is given and never derived, so that renaming the class changes nothing.
   */
  readonly id: number | bigint;
}

/** The number is looked at with what it must be. */
export const RPC_INTERFACE_OPTIONS = optionTable<RpcInterfaceOptions>({ id: mandatory(anything) });

/** The options of `@RpcMethod`. */
export interface RpcMethodOptions {
  /** What the request is, as in `@Handler`. Default: the declared type of the parameter, where the compiler emits it. */
  readonly accepts?: Accepted;
  /** What the reply is, which the caller receives checked, classes as instances. Default: plain data. */
  readonly returns?: Accepted;
}

const value = anyOf(ACCEPTED_WORDS, isAccepted);

export const RPC_METHOD_OPTIONS = optionTable<RpcMethodOptions>({ accepts: value, returns: value });

/** What `@RpcMethod` notes about a method. */
export interface RpcMethodRecord {
  readonly method: string;
  readonly index: number;
  readonly options: RpcMethodOptions;
  /** True when the decorator stood on a static member. */
  readonly isStaticMember: boolean;
  /** What the text of the method says of its parameters; undefined when the decorator stood on something else than a method. */
  readonly form: MethodForm | undefined;
  /** The parameter types that the compiler emitted, if it did. */
  readonly emittedTypes: readonly unknown[] | undefined;
}

const INTERFACE = Symbol.for('moonpool:rpc-interface');
const METHODS = Symbol.for('moonpool:rpc-methods');

/** Notes that the class is an interface of fixed endpoints. */
export function noteRpcInterface(type: object, options: RpcInterfaceOptions): void {
  Reflect.defineMetadata(INTERFACE, options, type);
}

/** Notes a method of the interface. */
export function noteRpcMethod(type: object, record: RpcMethodRecord): void {
  appendRecord(METHODS, type, record);
}

/** What `@RpcInterface` said of the class, or of the nearest class that it extends. */
export function rpcInterfaceOptionsOf(type: object): RpcInterfaceOptions | undefined {
  return Reflect.getMetadata(INTERFACE, type) as RpcInterfaceOptions | undefined;
}

/** The methods of the class and of those that it extends, base classes first. */
export function rpcMethodRecordsOf(type: object): readonly RpcMethodRecord[] {
  return collectRecords<RpcMethodRecord>(METHODS, type);
}
