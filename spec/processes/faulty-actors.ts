import { IsInt, IsPositive, IsString } from 'class-validator';
import { Actor, ActorContext, Handler, inject } from 'moonpool';

export class Order {
  @IsString() article!: string;
  @IsInt() @IsPositive() pieces!: number;
}

class OutOfStock extends Error {
  override readonly name = 'OutOfStock';
  constructor(
    readonly article: string,
    readonly missing: number,
    readonly since: Date,
  ) {
    super(`${missing} of ${article} are missing`, {
      cause: new RangeError('below zero', { cause: new TypeError('no shelf') }),
    });
  }
}

/** Fails in whichever way it is asked to. */
@Actor({ name: 'Shop' })
export class Shop {
  private turns = 0;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
  @Handler() async turnsOfWork(): Promise<number> {
    return this.turns;
  }
  @Handler() async sellOut(): Promise<void> {
    this.turns++;
    throw new OutOfStock('lamps', 3, new Date(86_400_000));
  }
  @Handler() async misjudge(): Promise<void> {
    throw new RangeError('out of range');
  }
  @Handler() async order({ article, pieces }: Order): Promise<string> {
    this.turns++;
    return `${pieces} ${article}`;
  }
  @Handler() async take(_value: unknown): Promise<void> {
    this.turns++;
  }
  @Handler() async secret(): Promise<unknown> {
    this.turns++;
    return { open: () => 'sesame' };
  }
  /** Fails because another actor, on yet another node, failed. */
  @Handler() async askOther(other: string): Promise<void> {
    await this.context.actor(Shop, other).sellOut();
  }
  @Handler() async orderFromOther(other: string): Promise<void> {
    await this.context.actor(Shop, other).order({ article: 'lamps', pieces: -1 });
  }
}
