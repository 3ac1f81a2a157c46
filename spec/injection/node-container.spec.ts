import { expect } from 'chai';
import { inject } from '../../decorators/inject';
import type { ContainerModule } from '../../lib/injection/container-module';
import { NodeContainer } from '../../lib/injection/node-container';
import { token } from '../../lib/injection/token';

interface Part {
  readonly name: string;
}
const Engine = token<Part>('Engine');
const Wheels = token<Part>('Wheels');
const Car = token<Part>('Car');
const Driver = token<Part>('Driver');

const moduleOf = (name: string, load: ContainerModule['load']): ContainerModule => ({ name, load });
const part = (name: string): Part => ({ name });

/** A part that writes down when it starts and stops. */
function recording(
  name: string,
  log: string[],
  failing = false,
): Part & { start(): Promise<void>; stop(): Promise<void> } {
  return {
    name,
    async start() {
      if (failing) throw new Error(`${name} does not start`);
      log.push(`start ${name}`);
    },
    async stop() {
      log.push(`stop ${name}`);
    },
  };
}

describe('A node container', () => {
  it('makes each service once, from its dependencies, whatever the order of the bindings', () => {
    let engines = 0;
    const container = new NodeContainer([
      moduleOf('car', (bind) => {
        bind(Car).toFactory([Engine, Wheels], (engine, wheels) => part(`car with ${engine.name} and ${wheels.name}`));
        bind(Wheels).toFactory([Engine], () => part('wheels'));
        bind(Engine).toFactory([], () => part(`engine ${++engines}`));
      }),
    ]);
    expect(container.get(Car).name).to.equal('car with engine 1 and wheels');
    expect(container.get(Engine)).to.equal(container.get(Engine));
    expect(engines).to.equal(1);
  });

  it('reports everything that is missing in one error, before anything is made', () => {
    let made = 0;
    const incomplete = moduleOf('car', (bind) => {
      bind(Car).toFactory([Engine, Wheels], () => part(`car ${++made}`));
      bind(Wheels).toFactory([], () => part(`wheels ${++made}`));
    });
    expect(() => new NodeContainer([incomplete], [{ identifier: Driver, by: 'the test' }]))
      .to.throw('MISSING_BINDING')
      .with.property('message')
      .that.contains('Engine, needed by Car of module car')
      .and.contains('Driver, needed by the test');
    expect(made).to.equal(0);
  });

  it('prints a circle of bindings as a path', () => {
    const circular = moduleOf('circle', (bind) => {
      bind(Car).toFactory([Engine], () => part('car'));
      bind(Engine).toFactory([Wheels], () => part('engine'));
      bind(Wheels).toFactory([Car], () => part('wheels'));
    });
    expect(() => new NodeContainer([circular]))
      .to.throw('BINDING_CYCLE')
      .with.property('message')
      .that.contains('Car -> Engine -> Wheels -> Car');
  });

  it('lets a later module replace a binding, and never makes what was replaced', () => {
    let made = 0;
    const real = moduleOf('real', (bind) => bind(Engine).toFactory([], () => part(`real ${++made}`)));
    const simulated = moduleOf('simulated', (bind) => bind(Engine).toValue(part('simulated')));
    expect(new NodeContainer([real, simulated]).get(Engine).name).to.equal('simulated');
    expect(made).to.equal(0);
  });

  it('refuses a module that binds a token twice', () => {
    const twice = moduleOf('twice', (bind) => {
      bind(Engine).toValue(part('one'));
      bind(Engine).toValue(part('two'));
    });
    expect(() => new NodeContainer([twice]))
      .to.throw('DUPLICATE_BINDING')
      .with.property('message')
      .that.contains('twice binds Engine');
  });

  it('starts what it made, dependencies first, and stops it in the reverse order', async () => {
    const log: string[] = [];
    const container = new NodeContainer([
      moduleOf('car', (bind) => {
        bind(Car).toFactory([Engine, Wheels], () => recording('car', log));
        bind(Engine).toFactory([], () => recording('engine', log));
        bind(Wheels).toFactory([Engine], () => recording('wheels', log));
        bind(Driver).toValue(recording('driver', log));
      }),
    ]);
    await container.start();
    await container.stop();
    expect(log).to.deep.equal(['start engine', 'start wheels', 'start car', 'stop car', 'stop wheels', 'stop engine']);
  });

  it('stops what has started when a later part cannot start, and throws its error', async () => {
    const log: string[] = [];
    const container = new NodeContainer([
      moduleOf('car', (bind) => {
        bind(Engine).toFactory([], () => recording('engine', log));
        bind(Wheels).toFactory([Engine], () => recording('wheels', log, true));
        bind(Car).toFactory([Wheels], () => recording('car', log));
      }),
    ]);
    const error = await container.start().then(
      () => undefined,
      (failure: Error) => failure,
    );
    expect(error?.message).to.equal('wheels does not start');
    expect(log).to.deep.equal(['start engine', 'stop engine']);
  });

  it('shares nothing with the container of another node', () => {
    const modules = [moduleOf('car', (bind) => bind(Engine).toFactory([], () => part('engine')))];
    expect(new NodeContainer(modules).get(Engine)).not.to.equal(new NodeContainer(modules).get(Engine));
  });

  it('constructs classes from what @inject names, inherited where a subclass has no constructor of its own', () => {
    class Garage {
      constructor(@inject(Engine) readonly engine: Part) {}
    }
    class LargeGarage extends Garage {}
    const container = new NodeContainer([
      moduleOf('garage', (bind) => {
        bind(LargeGarage).toClass(LargeGarage);
        bind(Engine).toValue(part('engine'));
      }),
    ]);
    expect(container.get(LargeGarage).engine.name).to.equal('engine');
  });

  it('names a parameter of which nothing is known', () => {
    class Mystery {
      constructor(readonly what: string) {}
    }
    expect(() => new NodeContainer([moduleOf('m', (bind) => bind(Mystery).toClass(Mystery))]))
      .to.throw('MISSING_BINDING')
      .with.property('message')
      .that.contains('parameter 1 of Mystery of module m names no token');
  });

  const MISUSES: Readonly<Record<string, readonly [load: ContainerModule['load'], told: RegExp]>> = {
    'a value that is none': [
      (bind) => bind(Engine).toValue(undefined as never),
      /The module m gives toValue undefined as Engine/,
    ],
    'a factory without the list of what it needs': [
      (bind) => bind(Engine).toFactory((() => part('engine')) as never, undefined as never),
      /The module m gives toFactory a function and undefined as Engine.*toFactory\(\[\], \(\) => \.\.\.\)/,
    ],
    'a factory that is none': [
      (bind) => bind(Engine).toFactory([], part('engine') as never),
      /gives toFactory a list of 0 and an object as Engine/,
    ],
    'a class that is none': [
      (bind) => bind(Engine).toClass((() => part('engine')) as never),
      /gives toClass a function, which is no class, as Engine/,
    ],
    'parts for a class that is none': [
      (bind) => bind(Engine).toParts({}, undefined as never),
      /gives toParts undefined, which is no class, as Engine/,
    ],
    'a factory that answers later': [
      (bind) => bind(Engine).toFactory([], (async () => Promise.reject(new Error('nobody hears this'))) as never),
      /The module m makes a promise for Engine.*await before the module is made/,
    ],
    'a factory that forgets to return': [
      (bind) => bind(Engine).toFactory([], (() => undefined) as never),
      /The module m makes undefined for Engine/,
    ],
  };
  for (const [what, [load, told]] of Object.entries(MISUSES))
    it(`refuses ${what}, by the name of the module`, () => {
      expect(() => new NodeContainer([moduleOf('m', load)]))
        .to.throw(/^INVALID_MODULE/)
        .with.property('message')
        .that.matches(told);
    });
});
