import type { ContextValues } from './context-values';
import type { Invocation } from './invocation';
import type { OpenCalls } from './open-calls';
import type { CallScope } from './request';

const NO_CHAIN: readonly string[] = [];

/**
 * The scope of what a turn sends or calls without being a link of its chain: messages, and calls by references that are not its own.
 * They have no deadline and no chain from it; but the turn may wait for them, so whoever looks for circles has to know of them.
 */
export class LooseScope implements CallScope {
  readonly deadline = Number.POSITIVE_INFINITY;
  readonly chain = NO_CHAIN;

  constructor(
    private readonly turn: CallScope,
    readonly values: ContextValues | undefined,
  ) {}

  get id(): string {
    return this.turn.id;
  }

  get actor(): string {
    return this.turn.actor;
  }

  get isOver(): boolean {
    return this.turn.isOver;
  }

  get outbox(): CallScope['outbox'] {
    return this.turn.outbox;
  }

  get gate(): CallScope['gate'] {
    return this.turn.gate;
  }

  get openCalls(): OpenCalls | undefined {
    return this.turn.looseCalls;
  }

  set openCalls(calls: OpenCalls | undefined) {
    this.turn.looseCalls = calls;
  }

  get looseCalls(): OpenCalls | undefined {
    return this.turn.looseCalls;
  }

  set looseCalls(calls: OpenCalls | undefined) {
    this.turn.looseCalls = calls;
  }
}

/** The message inherits nothing for whose end the turn that sends it would have to wait: no deadline and no chain, but what was said. */
export function withoutWaiting(invocation: Invocation): Invocation {
  const { scope } = invocation;
  return scope === undefined ? invocation : { ...invocation, scope: new LooseScope(scope, scope.values) };
}
