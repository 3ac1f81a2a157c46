import { expect } from 'chai';
import { RpcInterface, RpcMethod } from 'moonpool/rpc';
import { describeInterface } from '../../lib/rpc/rpc-descriptor';

@RpcInterface({ id: -1 })
class Wrong {
  @RpcMethod(0) static async loose(): Promise<void> {
    return undefined;
  }
  @RpcMethod(1) async one(_a: number, _b: number): Promise<void> {
    return undefined;
  }
  @RpcMethod(1) async two(): Promise<void> {
    return undefined;
  }
  @RpcMethod(1.5) async half(): Promise<void> {
    return undefined;
  }
  @RpcMethod(4) async then(): Promise<void> {
    return undefined;
  }
  @RpcMethod(5) async $own(): Promise<void> {
    return undefined;
  }
}

@RpcInterface({ id: 3 })
class Base {
  @RpcMethod(6) async name(): Promise<string> {
    return 'base';
  }
}

class Derived extends Base {
  override async name(): Promise<string> {
    return 'derived';
  }
}

describe('The description of an interface', () => {
  it('names every mistake of the class in one error', () => {
    expect(() => describeInterface(Wrong))
      .to.throw('7 mistakes')
      .with.property('message')
      .that.matches(/id -1/)
      .and.matches(/static member 'loose'/)
      .and.matches(/'one' with 2 parameters/)
      .and.matches(/index 1 on 'one' and on 'two'/)
      .and.matches(/index 1\.5/)
      .and.matches(/method 'then'/)
      .and.matches(/method '\$own'/);
    expect(() => describeInterface(class Nothing {})).to.throw('2 mistakes');
  });

  it('makes tokens of interface id and index, and lets a subclass override a method', async () => {
    const [method] = describeInterface(Derived).methods;
    expect(method?.token.toString()).to.equal('00000000000000030000000000000006');
    expect(await method?.invoke(new Derived(), undefined)).to.equal('derived');
  });
});
