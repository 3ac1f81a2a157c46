import { expect } from 'chai';
import { Actor, ActorContext, ActorRuntime, Handler, isMoonpoolError, memory } from 'moonpool';
// After what it needs, reflect-metadata.
import { inject as injectOfTsyringe } from 'tsyringe';

/** The decorators of another copy of the package, loaded beside this one. */
function otherCopy(): Pick<typeof import('moonpool'), 'Actor' | 'Handler'> {
  const own = { ...require.cache };
  for (const file of Object.keys(require.cache))
    if (/[\\/]dist[\\/](?:lib|decorators)[\\/]/.test(file)) delete require.cache[file];
  try {
    const actor = require('../../decorators/actor') as Pick<typeof import('moonpool'), 'Actor'>;
    return { ...actor, ...(require('../../decorators/handler') as Pick<typeof import('moonpool'), 'Handler'>) };
  } finally {
    Object.assign(require.cache, own);
  }
}

async function refusal(...actors: readonly unknown[]): Promise<string> {
  const started = ActorRuntime.start({ namespace: 'spec', actors: actors as never, modules: [memory()] });
  const error: unknown = await started.catch((failure: unknown) => failure);
  if (isMoonpoolError(error)) return error.message;
  await (error as ActorRuntime).shutdown();
  return 'started';
}

describe('A class that is declared with what is not of this package', () => {
  it('says that another copy of moonpool has declared it, or a class that it extends, and where that lies', async () => {
    const other = otherCopy();
    @other.Actor({ name: 'Guest' })
    class Guest {
      @other.Handler() async greet(): Promise<void> {}
    }
    @Actor({ name: 'Own' })
    class Own extends Guest {
      @Handler() async ask(): Promise<void> {}
    }
    for (const type of [Guest, Own])
      expect(await refusal(type)).to.match(
        new RegExp(
          `${type.name} is declared by another copy of moonpool than the one that runs it, of which this process has loaded the files in \\S+ twice`,
        ),
      );
  });

  it('says that an @inject is that of tsyringe', async () => {
    @Actor({ name: 'Mixed' })
    class Mixed {
      constructor(
        @((injectOfTsyringe as (token: unknown) => ParameterDecorator)(ActorContext)) readonly context: ActorContext,
      ) {}
      @Handler() async ask(): Promise<void> {}
    }
    expect(await refusal(Mixed)).to.contain(
      "parameter 1 has the @inject of tsyringe: take the one of moonpool, import { inject } from 'moonpool'",
    );
  });

  it('says of an undefined one that an import cycle may have left it so', async () => {
    expect(await refusal(undefined)).to.match(
      /The option actors\[0\] of ActorRuntime\.start must be an actor class; undefined was given\. An import cycle may have left it undefined/,
    );
  });

  it('says of a parameter without a type what helps against an import cycle', async () => {
    class Circular {
      async ask(what: unknown): Promise<unknown> {
        return what;
      }
    }
    const { prototype } = Circular;
    Reflect.defineMetadata('design:paramtypes', [undefined], prototype, 'ask');
    Handler()(prototype, 'ask', Object.getOwnPropertyDescriptor(prototype, 'ask') ?? {});
    Actor({ name: 'Circular' })(Circular);
    expect(await refusal(Circular)).to.match(
      /'ask' whose parameter 1 has no type at run time\. If an import cycle.*declare the class in a file that imports none of the others/,
    );
  });
});

describe('A decorator that stands twice', () => {
  const ask = { value: async (): Promise<void> => undefined };

  it('is refused on a class and on a method, for the options of one would be lost', () => {
    class Asked {}
    Actor({ name: 'Asked' })(Asked);
    Handler({ readOnly: true })(Asked.prototype, 'ask', ask);
    expect(() => Actor({ name: 'Other' })(Asked)).to.throw('@Actor stands on Asked twice');
    expect(() => Handler()(Asked.prototype, 'ask', ask)).to.throw("@Handler stands on 'ask' of Asked twice");
  });

  it('may stand on a method of a subclass again', () => {
    class Base {}
    class Sub extends Base {}
    Handler()(Base.prototype, 'ask', ask);
    expect(() => Handler({ readOnly: true })(Sub.prototype, 'ask', ask)).not.to.throw();
  });
});
