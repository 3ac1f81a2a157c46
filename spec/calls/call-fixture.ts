import type { CallOptions } from '../../lib/actor/call-options';
import type { Addressing } from '../../lib/addressing/addressing';
import { VIRTUAL } from '../../lib/addressing/virtual-addressing';
import { Call, type CallOwner } from '../../lib/calls/call';
import type { Expectation, Invocation } from '../../lib/calls/invocation';
import { OutgoingRequest } from '../../lib/calls/outgoing-request';
import { ReferencePort } from '../../lib/calls/reference-port';
import type { CallScope } from '../../lib/calls/request';
import type { PacketConnection } from '../../lib/connection/packet-connection';
import { ActorId } from '../../lib/identity/actor-id';
import { LocalNode } from '../../lib/identity/local-node';
import type { HandlerDescriptor } from '../../lib/metadata/actor-descriptor';

/** The node whose calls these are. */
export function localNode(name = 'n1', role: 'node' | 'client' = 'node'): LocalNode {
  const local = new LocalNode(role, 'spec', name);
  local.join({ name, incarnation: 1 });
  if (role === 'node') local.address = `${name}:1`;
  return local;
}

/** A handler that answers with its first argument. */
export function handlerOf(method: string, more: Partial<HandlerDescriptor> = {}): HandlerDescriptor {
  return {
    method,
    options: {},
    parameters: [],
    mode: 'alone',
    mayReenter: false,
    checksArguments: false,
    invoke: (_instance, [first]) => first,
    ...more,
  };
}

/** What a call is made of, where it is not what most are. */
export interface CallWishes {
  readonly addressing?: Addressing;
  readonly address?: string;
  readonly args?: readonly unknown[];
  readonly options?: CallOptions;
  readonly scope?: CallScope;
  readonly deadline?: number;
  readonly expects?: Expectation;
  readonly handler?: HandlerDescriptor;
}

/** The invocation of a method of the actor. */
export function invocationOf(path: string, wishes: CallWishes = {}): Invocation {
  const { addressing = VIRTUAL, address, args = [], options, scope, handler = handlerOf('work') } = wishes;
  const target = { id: ActorId.parse(path), address, addressing };
  return { target, handler, args, options, scope };
}

/** Makes calls as a bus does, and takes down what becomes of them. */
export class CallMaker implements CallOwner {
  readonly references = new ReferencePort();
  readonly callTimeoutMs = 1_000;
  /** What became of each, as it did. */
  readonly log: string[] = [];
  /** What they have failed with. */
  readonly errors: unknown[] = [];
  /** Is notified of calls that have ended, as the pending calls of a bus are. */
  onEnd: (call: Call) => void = () => undefined;
  private last = 0;

  constructor(readonly local = localNode()) {}

  make(path: string, wishes: CallWishes = {}): Call {
    const number = ++this.last;
    const request = new OutgoingRequest(invocationOf(path, wishes), number, wishes.deadline ?? 1_000, this);
    request.expects = wishes.expects ?? 'answer';
    request.take(wishes.args ?? []);
    return new Call(
      this,
      request,
      (value) => this.log.push(`${number} got ${String(value)}`),
      (error) => {
        this.errors.push(error);
        this.log.push(`${number} failed with ${(error as { code?: string }).code ?? String(error)}`);
      },
    );
  }

  objectionToAnswer(): undefined {
    return undefined;
  }

  onEnded(call: Call): void {
    this.onEnd(call);
  }

  onRejected({ correlation }: Call): void {
    this.log.push(`${correlation} was rejected`);
  }

  onDropped({ correlation }: Call): void {
    this.log.push(`${correlation} was dropped`);
  }

  onCancelled({ correlation }: Call): void {
    this.log.push(`${correlation} was cancelled`);
  }
}

/** As much of a connection as is looked at by those who send on it or receive by it. */
export function connectionOf(name: string, more: Partial<PacketConnection> = {}): PacketConnection {
  const remote: Partial<NonNullable<PacketConnection['remote']>> = {
    identity: `node ${name}#1 5e55`,
    node: { name, incarnation: 1 },
    address: `${name}:1`,
    role: 'node',
  };
  return { remote, order: 1, isClosed: false, currentBatch: 0, mayHaveLeft: () => true, ...more } as PacketConnection;
}
