import { expect } from 'chai';
import { inject } from '../../decorators/inject';
import type { ContainerModule } from '../../lib/injection/container-module';
import { contributions } from '../../lib/injection/contribution-list';
import { NodeContainer } from '../../lib/injection/node-container';
import { token } from '../../lib/injection/token';
import { callback, text } from '../../lib/options/option-kind';

const Greeting = token<string>('Greeting');
const Lines = contributions<string>('Lines', { accepts: text('a line') });
const Checks = contributions<() => boolean>('Checks', { accepts: callback('a check'), holdsValuesOnly: true });
const Page = token<readonly string[]>('Page');

const moduleOf = (name: string, load: ContainerModule['load']): ContainerModule => ({ name, load });
const page = moduleOf('page', (bind) => bind(Page).toFactory([Lines], (lines) => lines));

describe('A list to which modules contribute', () => {
  it('holds what all modules have contributed, in the order of the modules and of their contributions', () => {
    const container = new NodeContainer([
      moduleOf('first', (_bind, contribute) => contribute(Lines, 'one', 'two')),
      page,
      moduleOf('second', (_bind, contribute) => contribute(Lines, 'three')),
    ]);
    expect(container.get(Lines)).to.deep.equal(['one', 'two', 'three']);
    expect(container.get(Page)).to.equal(container.get(Lines));
    expect(container.get(Lines)).to.be.frozen;
  });

  it('is empty when nobody contributes to it', () => {
    expect(new NodeContainer([page]).get(Page)).to.deep.equal([]);
    expect(new NodeContainer([]).get(Lines)).to.deep.equal([]);
    expect(new NodeContainer([]).has(Lines)).to.equal(true);
  });

  it('takes what is made of other services, which are made before it', () => {
    const container = new NodeContainer([
      page,
      moduleOf('greeter', (bind, contribute) => {
        contribute(Lines).toFactory({ greeting: Greeting }, ({ greeting }) => `${greeting}!`);
        contribute(Lines).toFactory([Greeting], (greeting) => `${greeting}?`);
        bind(Greeting).toValue('hello');
      }),
    ]);
    expect(container.get(Page)).to.deep.equal(['hello!', 'hello?']);
  });

  it('starts and stops what the container has made for it', async () => {
    const log: string[] = [];
    class Watcher {
      constructor(@inject(Greeting) private readonly greeting: string) {}
      start = () => void log.push(`start after ${this.greeting}`);
      stop = () => void log.push('stop');
    }
    const Watchers = contributions<Watcher>('Watchers');
    const container = new NodeContainer([
      moduleOf('watching', (bind, contribute) => {
        bind(Greeting).toValue('hello');
        contribute(Watchers).toClass(Watcher);
      }),
    ]);
    await container.start();
    await container.stop();
    expect(log).to.deep.equal(['start after hello', 'stop']);
  });

  it('refuses what it does not take before anything is made, with everything else that is wrong', () => {
    let made = 0;
    const wrong = moduleOf('wrong', (bind, contribute) => {
      contribute(Lines, '');
      contribute(Checks).toFactory([], () => () => true);
      bind(Page).toFactory([Greeting], () => [String(++made)]);
      bind(Page).toValue([]);
      bind(Lines).toValue([]);
      bind(undefined as unknown as typeof Page).toValue([]);
      contribute(undefined as unknown as typeof Lines, 'lost');
    });
    expect(() => new NodeContainer([wrong]))
      .to.throw('INVALID_MODULE')
      .with.property('message')
      .that.contains('contributes what it must not: Lines takes a line; "" was given')
      .and.contains('contributes to Checks what is to be made. Checks takes values only')
      .and.contains('DUPLICATE_BINDING: The module wrong binds Page twice')
      .and.contains('MISSING_BINDING: The container lacks: Greeting, needed by Page of module wrong')
      .and.contains('binds the list Lines. Use `contribute`')
      .and.contains('binds undefined, which is no token')
      .and.contains('contributes to undefined, which is no list');
    expect(made).to.equal(0);
  });

  it('refuses what was made for it and is not what it takes', () => {
    const wrong = moduleOf('wrong', (_bind, contribute) => contribute(Lines).toFactory([], () => ''));
    expect(() => new NodeContainer([wrong])).to.throw(
      'INVALID_MODULE: The module wrong contributes what it must not: Lines takes a line; "" was given',
    );
  });

  it('prints a circle through a contribution as a path', () => {
    const circular = moduleOf('circle', (_bind, contribute) => contribute(Lines).toFactory([Page], () => 'line'));
    expect(() => new NodeContainer([page, circular]))
      .to.throw('BINDING_CYCLE')
      .with.property('message')
      .that.contains('Page -> Lines -> a contribution to Lines -> Page');
  });
});

describe('The load of a module', () => {
  it('may not wait, for what is contributed later reaches nobody', async () => {
    let late: unknown;
    const slow = {
      name: 'slow',
      load: async (...[bind, contribute]: Parameters<ContainerModule['load']>) => {
        await Promise.resolve();
        try {
          contribute(Lines, 'late');
          bind(Greeting).toValue('late');
        } catch (error) {
          late = error;
        }
      },
    };
    expect(() => new NodeContainer([slow])).to.throw('INVALID_MODULE: The module slow waits for something in load');
    await new Promise(setImmediate);
    expect(late)
      .to.have.property('message')
      .that.contains('The module slow binds or contributes something after it was loaded');
  });
});

describe('A binding by parts', () => {
  it('gives a class its parts by the names that it has for them', () => {
    class Letterhead {
      constructor(readonly parts: { readonly salutation: string; readonly lines: readonly string[] }) {}
    }
    const container = new NodeContainer([
      moduleOf('letter', (bind, contribute) => {
        bind(Letterhead).toParts({ salutation: Greeting, lines: Lines }, Letterhead);
        bind(Greeting).toValue('hello');
        contribute(Lines, 'one');
      }),
    ]);
    expect(container.get(Letterhead).parts).to.deep.equal({ salutation: 'hello', lines: ['one'] });
  });
});
