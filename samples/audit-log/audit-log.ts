import { Filters, Logger, RandomProvider } from 'moonpool';
import { EventLog } from 'moonpool/modules';
import type { ContainerModule, FilteredCall } from 'moonpool';

/** The name under which the request context carries the trace: given here by whoever calls first, unless a gateway has given one. */
export const TRACE = 'traceId';

/** Writes down each call where it is made and where it is served, with what became of it. */
class Audit {
  constructor(private readonly parts: { logger: Logger; events: EventLog; random: RandomProvider }) {}

  /** The trace that the call belongs to, or a new one: 32 hexadecimal digits, as in W3C's trace context. */
  traceOf({ values }: FilteredCall): string {
    const known = values[TRACE];
    if (typeof known === 'string') return known;
    const { random } = this.parts;
    return Array.from({ length: 4 }, () => random.uint32().toString(16).padStart(8, '0')).join('');
  }

  /** Does the work of the call, and writes it down before and after. */
  async around(side: 'made' | 'served', trace: string, call: FilteredCall, work: () => Promise<unknown>) {
    this.write(side, trace, call, 'begins');
    try {
      const result = await work();
      this.write(side, trace, call, 'ok');
      return result;
    } catch (error) {
      this.write(side, trace, call, (error as { code?: string } | undefined)?.code ?? 'error');
      throw error;
    }
  }

  private write(side: 'made' | 'served', trace: string, { actor, method }: FilteredCall, outcome: string): void {
    const { logger, events } = this.parts;
    const entry = { side, trace, actor: actor.path, method, outcome };
    logger.info('audit', entry);
    if (events.enabled) events.record('audit:call', entry);
  }
}

/** Logs all calls that a process makes and serves. The trace goes with a call to every call that is made for it, on whatever node. */
export function auditLog(): ContainerModule {
  return {
    name: 'audit-log',
    load(bind, contribute) {
      bind(Audit).toParts({ logger: Logger, events: EventLog, random: RandomProvider }, Audit);
      contribute(Filters.outgoing).toFactory([Audit], (audit) => (call, next) => {
        const trace = audit.traceOf(call);
        return audit.around('made', trace, call, () => next({ context: { [TRACE]: trace } }));
      });
      contribute(Filters.incoming).toFactory(
        [Audit],
        (audit) => (call, next) => audit.around('served', audit.traceOf(call), call, () => next()),
      );
    },
  };
}
