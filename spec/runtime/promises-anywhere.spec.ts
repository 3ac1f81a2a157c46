import { expect } from 'chai';
import { Transform, Type } from 'class-transformer';
import { Allow, IsInt, ValidateBy, ValidateIf } from 'class-validator';
import {
  Actor,
  ActorJournal,
  ActorRuntime,
  ActorState,
  Handler,
  isMoonpoolError,
  Journal,
  JournalEvent,
  memory,
  Persist,
  Reentrant,
  retry,
  type ActorReference,
  type ContainerModule,
} from 'moonpool';
import { CircuitBreaker, LocalSystem } from 'moonpool/local';
import { EventSinks, InspectionPages, Metrics, ObservedMetrics, Placements } from 'moonpool/modules';
import { RpcInterface, RpcMethod } from 'moonpool/rpc';
import { metric } from '../../lib/observability/metric';
import { NodeTimeProvider } from '../../lib/providers/node/node-time-provider';
import { codeOf, Transports } from '../rpc/rpc-fixture';

/** Stands where an answer is needed at once. For the compiler it is what is wanted. */
let late: () => Promise<unknown> = async () => false;
const prompt = (): never => late() as never;

class Ruled {
  @ValidateBy({ name: 'late', validator: { validate: prompt } }) field = 1;
}
class Worded {
  @ValidateBy({ name: 'late', validator: { validate: () => false, defaultMessage: prompt } }) field = 1;
}
class Told {
  @IsInt({ message: prompt }) field = 1.5;
}
class Conditioned {
  @ValidateIf(prompt) @IsInt() field = 1;
}
/** The quick check of rules is not for lists. */
class ConditionedEach {
  @ValidateIf(prompt) @IsInt({ each: true }) field = [1];
}
class Transformed {
  @Allow() @Transform(prompt) field = 1;
}

@Actor({ name: 'Payloads' })
class Payloads {
  @Handler() async rule(_payload: Ruled): Promise<void> {}
  @Handler() async message(_payload: Worded): Promise<void> {}
  @Handler() async ownMessage(_payload: Told): Promise<void> {}
  @Handler() async condition(_payload: Conditioned): Promise<void> {}
  @Handler() async conditionOfItems(_payload: ConditionedEach): Promise<void> {}
  @Handler() async transformation(_payload: Transformed): Promise<void> {}
}

@Actor({ name: 'Overlapping' })
@Reentrant(prompt)
class Overlapping {
  @Handler() async ask(): Promise<void> {}
}

@Actor({ name: 'Placed', placement: 'late' })
class Placed {
  @Handler() async ask(): Promise<void> {}
}

class Count {
  n = 0;
}
@Actor({ name: 'Counter' })
class Counter {
  @Persist(Count) readonly state!: ActorState<Count>;
  @Handler() async ask(): Promise<void> {
    await this.state.persist();
  }
}
@Actor({ name: 'Counter' })
class LaterCounter {
  @Persist(Count, { version: 2, upcast: [prompt] }) readonly state!: ActorState<Count>;
  @Handler() async ask(): Promise<void> {}
}

@JournalEvent({ name: 'counted' })
class Counted {
  by = 1;
}
class Total {
  apply(_event: Counted): void {
    return prompt();
  }
}
@Actor({ name: 'Journalled', persist: 'after-turn' })
class Journalled {
  @Journal(Total, { events: [Counted] }) readonly journal!: ActorJournal<Total>;
  @Handler() async ask(): Promise<void> {
    this.journal.emit(new Counted());
  }
}

@RpcInterface({ id: 0xace })
class Service {
  @RpcMethod(0) async ask(): Promise<string> {
    return 'admitted';
  }
}

const lateModule: ContainerModule = {
  name: 'late',
  load(_bind, contribute) {
    contribute(Placements, { name: 'late', strategy: { choose: prompt } });
    contribute(InspectionPages, { key: 'late', read: prompt });
    contribute(ObservedMetrics, { definition: metric.gauge('late', '1', 'Never known.'), read: prompt });
    contribute(EventSinks, { record: () => prompt() });
  },
};

async function failing(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    (value) => expect.fail(`there was an answer: ${String(value)}`),
    (error: Error) => error,
  );
}

const ANSWERS: Readonly<Record<string, () => Promise<unknown>>> = {
  'A promise that fails': async () => Promise.reject(new Error('nobody waits for it')),
  'A promise of false': async () => false,
};

for (const [what, answer] of Object.entries(ANSWERS)) {
  describe(`${what}, where an answer is needed at once`, () => {
    const transports = new Transports();
    const store = memory();
    let node: ActorRuntime;
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    const actors = [Payloads, Overlapping, Placed, Counter, Journalled];
    before(async () => {
      late = answer;
      process.on('unhandledRejection', note);
      node = await ActorRuntime.start({ namespace: 'spec', name: 'n1', actors, modules: [store, lateModule] });
    });
    after(async () => {
      await node.shutdown();
      await transports.closeAll();
      await new Promise((resolve) => setImmediate(resolve));
      process.off('unhandledRejection', note);
      expect(unhandled).to.deep.equal([]);
    });

    it('in rules, conditions, messages and transformations of a payload, refuses the payload', async () => {
      const actor = node.actor(Payloads, 'x');
      const calls: Readonly<Record<string, (actor: ActorReference<Payloads>) => Promise<unknown>>> = {
        rule: () => actor.rule({ field: 1 }),
        message: () => actor.message({ field: 1 }),
        ownMessage: () => actor.ownMessage({ field: 1.5 }),
        condition: () => actor.condition({ field: 1 }),
        conditionOfItems: () => actor.conditionOfItems({ field: [1] }),
        transformation: () => actor.transformation({ field: 1 }),
      };
      for (const [where, call] of Object.entries(calls)) {
        const error = await failing(call(actor));
        expect(error, where).to.include({ code: 'INVALID_PAYLOAD', executed: 'no' });
        expect(error.message, where).to.match(/a promise came from|is asynchronous/);
      }
    });

    it('in the condition of @Reentrant, lets no turn begin', async () => {
      const error = await failing(node.actor(Overlapping, 'x').ask());
      expect(error).to.include({ code: 'HANDLER_FAILED', executed: 'no' });
    });

    it('in a placement, places nothing', async () => {
      expect(await failing(node.actor(Placed, 'x').ask())).to.include({ code: 'ASYNC_CALLBACK', executed: 'no' });
    });

    it('in an upcast or in apply, makes no value of it', async () => {
      await node.actor(Counter, 'x').ask();
      const own = memory();
      const first = await ActorRuntime.start({ namespace: 'spec', name: 'a', actors: [Counter], modules: [own] });
      await first.actor(Counter, 'x').ask();
      await first.shutdown();
      const later = await ActorRuntime.start({ namespace: 'spec', name: 'b', actors: [LaterCounter], modules: [own] });
      const error = await failing(later.actor(LaterCounter, 'x').ask());
      await later.shutdown();
      expect(error).to.include({ code: 'ACTIVATION_FAILED' });
      expect(error.message).to.include('a promise came from the upcast from version 1');
      const emitted = await failing(node.actor(Journalled, 'x').ask());
      expect(isMoonpoolError(emitted.cause, 'ASYNC_CALLBACK')).to.equal(true);
    });

    it('in @Type, is refused when a node starts', async () => {
      class Typed {
        @Type(prompt) @Allow() field: unknown;
      }
      @Actor({ name: 'Typed' })
      class OfTyped {
        @Handler({ accepts: Typed }) async ask(_payload: Typed): Promise<void> {}
      }
      const error = await failing(ActorRuntime.start({ namespace: 'spec', actors: [OfTyped], modules: [memory()] }));
      expect(error.message).to.include('Typed has @Type on field with an asynchronous function');
    });

    it('in pages, metrics and sinks, is an error of the page, and no sample', () => {
      expect(node.inspect()).to.have.nested.property('late.error').that.includes('ASYNC_CALLBACK');
      const samples = node.service(Metrics).collect();
      expect(samples.map(({ definition }) => definition.name)).not.to.include('late');
    });

    it('in the guard of a fixed endpoint, lets nobody in', async () => {
      const server = await transports.listen();
      server.serve(new Service(), { admits: prompt });
      const client = await transports.open();
      expect(await codeOf(client.connect(Service, server.address).ask())).to.equal('ENDPOINT_FORBIDDEN');
    });

    it("in a retry, repeats nothing; from its listener, it is nobody's business", async () => {
      let attempts = 0;
      const ask = async (): Promise<never> => {
        attempts++;
        throw new Error('no');
      };
      const error = await failing(retry(ask, { isWorthRepeating: prompt, deadlineMs: 100 }));
      expect(error).to.include({ code: 'ASYNC_CALLBACK', executed: 'maybe' });
      expect(error.cause).to.have.property('message', 'no');
      expect(attempts).to.equal(1);
      await failing(retry(ask, { isWorthRepeating: () => attempts < 3, onRetry: prompt, minWaitMs: 1 }));
      expect(attempts).to.equal(3);
    });

    it('in a circuit breaker, counts as a failure', async () => {
      const breaker = new CircuitBreaker(new NodeTimeProvider(), {
        failureCount: 1,
        isFailure: prompt,
        onChange: prompt,
      });
      await failing(breaker.run(async () => Promise.reject(new Error('no'))));
      expect(breaker.state).to.equal('open');
    });

    it('in `survives` of a local actor, ends its life', async () => {
      const system = LocalSystem.open();
      class Dying {
        receive(): void {
          throw new Error('no');
        }
        survives(): boolean {
          return prompt();
        }
      }
      const handle = system.spawn<string, void>(Dying);
      await failing(handle.request('x'));
      expect(await failing(handle.request('x'))).to.include({ code: 'LOCAL_ACTOR_ENDED' });
      await system.stop();
    });
  });
}
