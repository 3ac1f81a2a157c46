import 'reflect-metadata';
import { expect } from 'chai';
import { Type } from 'class-transformer';
import {
  Allow,
  IsInt,
  registerDecorator,
  ValidateNested,
  ValidatorConstraint,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { Actor } from '../../decorators/actor';
import { Handler } from '../../decorators/handler';
import { Journal } from '../../decorators/journal';
import { JournalEvent } from '../../decorators/journal-event';
import { Persist } from '../../decorators/persist';
import { RpcInterface } from '../../decorators/rpc-interface';
import { RpcMethod } from '../../decorators/rpc-method';
import type { Constructor } from '../../lib/injection/token';
import { unchecked } from '../../lib/metadata/accepted';
import { describeActors } from '../../lib/metadata/discovery';
import { journalEventOf } from '../../lib/metadata/journal-record';
import { unseenParameters } from '../../lib/metadata/unseen-parameters';
import { describeInterface } from '../../lib/rpc/rpc-descriptor';
import type * as elsewhere from './type-only-payload';

@ValidatorConstraint({ name: 'declared', async: true })
class DeclaredRule implements ValidatorConstraintInterface {
  validate(): Promise<boolean> {
    return Promise.resolve(false);
  }
}
@ValidatorConstraint({ name: 'undeclared' })
class UndeclaredRule implements ValidatorConstraintInterface {
  async validate(): Promise<boolean> {
    return false;
  }
}
const Obeys = (validator: Constructor<ValidatorConstraintInterface>) => (target: object, propertyName: string) =>
  registerDecorator({ target: target.constructor, propertyName, validator: validator as never });

class Sound {
  @IsInt() amount!: number;
}
class Declared {
  @Obeys(DeclaredRule) name!: string;
}
class Undeclared {
  @Obeys(UndeclaredRule) name!: string;
}
class Around {
  @ValidateNested() @Type(() => Declared) inner!: Declared;
}
class Untyped {
  @ValidateNested({ each: true }) list!: Sound[];
}
class Demanding {
  readonly half: number;
  constructor(readonly amount: { readonly value: number }) {
    this.half = amount.value / 2;
  }
}
class AroundDemanding {
  @Type(() => Demanding) inner!: Demanding;
}
class Secretive {
  readonly #amount = 1;
  get amount(): number {
    return this.#amount;
  }
}
class Bag extends Map<string, number> {}

/** What is wrong with an actor class that has one handler, or one state, of this kind. */
function mistakesOf(type: Constructor<object>): string {
  try {
    describeActors([type]);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}
/** A class with one handler whose parameter has this type, as the compiler emits it; `none` when it emits nothing. */
function taking(emitted: unknown, accepts?: never): Constructor<object> {
  class Taking {
    async take(_value: unknown): Promise<void> {}
  }
  if (emitted !== 'none') Reflect.defineMetadata('design:paramtypes', [emitted], Taking.prototype, 'take');
  Handler(accepts === undefined ? {} : { accepts })(
    Taking.prototype,
    'take',
    Object.getOwnPropertyDescriptor(Taking.prototype, 'take') as PropertyDescriptor,
  );
  Actor({ name: 'Taking' })(Taking);
  return Taking;
}
function keeping(state: Constructor<object>): Constructor<object> {
  @Actor({ name: 'Keeping' })
  class Keeping {
    @Handler() async look(): Promise<void> {}
  }
  Persist(state)(Keeping.prototype, 'kept');
  return Keeping;
}
/** A class with one journal of this value and this event. */
function journaling(value: Constructor<object>, event: Constructor<object>): Constructor<object> {
  @Actor({ name: 'Journaling', persist: 'after-turn' })
  class Journaling {
    @Handler() async look(): Promise<void> {}
  }
  if (journalEventOf(event) === undefined) JournalEvent('happened')(event);
  Journal(value, { events: [event] })(Journaling.prototype, 'journal');
  return Journaling;
}
class Money {
  constructor(readonly cents = 0) {}
  get euros(): number {
    return this.cents / 100;
  }
}
class Purse {
  total = new Money();
}
class TypedPurse {
  @Type(() => Money) total = new Money();
  @Type(() => Money) readonly coins = new Map([['a', new Money()]]);
}
class RuledPurse {
  @Allow() total!: Money;
}
class Happened {
  what = '';
}
class Demand extends Demanding {}
class History {
  count = 0;
  apply(): void {
    this.count++;
  }
}
class DemandingHistory extends Demanding {
  apply(): void {}
}

describe('The values of an actor class are looked at when a node starts', () => {
  it('and are right when they can be seen, made and checked', () => {
    for (const type of [Sound, String, Date, Buffer, URL, Map, Array, Object, Error, RangeError, Float32Array])
      expect(mistakesOf(taking(type)), type.name).to.equal('');
    expect(mistakesOf(keeping(Sound))).to.equal('');
    expect(mistakesOf(journaling(History, Happened))).to.equal('');
    expect(mistakesOf(keeping(TypedPurse))).to.equal('');
    expect(mistakesOf(taking(RuledPurse))).to.equal('');
  });

  const wrong: readonly (readonly [what: string, type: Constructor<object>, says: readonly string[]])[] = [
    [
      'a payload class that is imported as a type',
      taking(Function),
      ["handler 'take' whose parameter 1", 'import type', '`accepts`'],
    ],
    ['a parameter without metadata', taking('none'), ['cannot be seen: take', 'accepts: unchecked']],
    ['a class that an import cycle has left undefined', taking(undefined), ['import cycle', '`accepts`']],
    ['a promise as a parameter', taking(Promise), ['is a Promise, which cannot travel']],
    ['headers as a parameter', taking(Headers), ['is a Headers, which cannot travel']],
    ['an asynchronous rule', taking(Declared), ['Declared has an asynchronous rule on name']],
    [
      'a rule that is asynchronous and does not say so',
      taking(Undeclared),
      ['Undeclared has an asynchronous rule on name'],
    ],
    ['an asynchronous rule of what is nested', taking(Around), ['Declared has an asynchronous rule']],
    [
      'nested payloads of which nobody tells the class',
      taking(Untyped),
      ['Untyped has @ValidateNested() on list', '@Type'],
    ],
    [
      'a payload whose constructor throws',
      taking(Demanding),
      ['Demanding cannot be made without arguments', 'defaults'],
    ],
    ['a payload with private fields', taking(Secretive), ['Secretive has private fields']],
    ['a state with private fields', keeping(Secretive), ["@Persist on 'kept'", 'Secretive has private fields']],
    ['a state within which a constructor throws', keeping(AroundDemanding), ['Demanding cannot be made']],
    ['a state that is a Map', keeping(Map), ['Map is no class of your own']],
    ['a state that extends a Map', keeping(Bag), ['Bag is no class of your own']],
    [
      'an event whose constructor throws',
      journaling(History, Demand),
      ["@Journal on 'journal'", 'Demand cannot be made without arguments'],
    ],
    [
      'the value of a journal whose constructor throws',
      journaling(DemandingHistory, Happened),
      ['DemandingHistory cannot be made without arguments'],
    ],
    [
      'a state that begins with an object that would come back without its methods',
      keeping(Purse),
      [
        "@Persist on 'kept': Purse holds an object of Money at Purse.total",
        'without euros',
        'Declare Purse.total with @Type(() => Money)',
      ],
    ],
    ['a payload that begins so', taking(Purse), ['Purse holds an object of Money at Purse.total']],
    ['what `accepts` cannot be', taking(Object, [5] as never), ['accepts', 'must be a class, an enum']],
  ];
  for (const [what, type, says] of wrong) {
    it(`so that ${what} is refused`, () => {
      const message = mistakesOf(type);
      for (const words of says) expect(message).to.contain(words);
    });
  }

  it('so that the real thing is refused: `import type` with this compiler', () => {
    @Actor({ name: 'TypeOnly' })
    class TypeOnly {
      @Handler() async take(_value: elsewhere.TypeOnlyPayload): Promise<void> {}
    }
    expect(mistakesOf(TypeOnly)).to.contain('import type');
  });

  it('and nothing is asked of what its author leaves unchecked', () => {
    for (const emitted of [Function, 'none', undefined, Promise])
      expect(mistakesOf(taking(emitted, unchecked as never))).to.equal('');
    expect(mistakesOf(taking('none', [Sound] as never))).to.equal('');
  });

  it('of an interface of fixed endpoints as well', () => {
    @RpcInterface({ id: 7 })
    class Endpoint {
      @RpcMethod(0) async take(_value: Declared): Promise<void> {}
    }
    expect(() => describeInterface(Endpoint)).to.throw('Declared has an asynchronous rule');
  });

  it('and the log names the parameters that nothing checks', () => {
    @Actor({ name: 'Loose' })
    class Loose {
      @Handler() async one(_a: string, _b: unknown, _c: number[]): Promise<void> {}
      @Handler({ accepts: unchecked }) async two(_a: unknown): Promise<void> {}
    }
    expect(unseenParameters(describeActors([Loose]).values()))
      .to.contain('these parameters')
      .and.to.contain('Loose.one(2), Loose.one(3);');
    expect(unseenParameters(describeActors([taking(Sound)]).values())).to.equal(undefined);
  });
});

describe('A decorator that was compiled as one of the language', () => {
  it('names the option that is missing', () => {
    const given = (kind: string) => ({ kind, name: 'deposit', metadata: {} }) as never;
    const method = async (): Promise<void> => undefined;
    expect(() => Handler()(method, given('method'), undefined as never))
      .to.throw("@Handler on 'deposit'")
      .with.property('message')
      .that.contains('experimentalDecorators');
    expect(() => (Actor({ name: 'A' }) as (type: object, context: unknown) => void)(Sound, given('class'))).to.throw(
      'experimentalDecorators',
    );
    expect(() =>
      (Persist(Sound) as (value: object, context: never) => void)(undefined as never, given('field')),
    ).to.throw('experimentalDecorators');
  });
});
