import { IsNumber } from 'class-validator';
import { RpcInterface, RpcMethod } from 'moonpool/rpc';

/** Two numbers: whatever else arrives is refused before the calculator sees it. */
export class Operands {
  @IsNumber() a!: number;
  @IsNumber() b!: number;
}

/** Both sides know this class: one serves an instance of it, the other connects to it. */
@RpcInterface({ id: 0xca1c_0000 })
export class Calculator {
  @RpcMethod(0) async add({ a, b }: Operands): Promise<number> {
    return a + b;
  }

  @RpcMethod(1) async multiply({ a, b }: Operands): Promise<number> {
    return a * b;
  }

  @RpcMethod(2) async divide({ a, b }: Operands): Promise<number> {
    if (b === 0) throw new RangeError(`${a} cannot be divided by zero`);
    return a / b;
  }
}
