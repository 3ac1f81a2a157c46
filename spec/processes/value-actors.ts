import { Type } from 'class-transformer';
import { IsInt, IsString, ValidateNested } from 'class-validator';
import { Actor, ActorContext, Handler, inject, unchecked, type ActorReference } from 'moonpool';
import type { Located } from './agent';

export class Address {
  @IsString() street!: string;
  @IsInt() number!: number;

  get line(): string {
    return `${this.street} ${this.number}`;
  }
}

export class Parcel {
  @IsString() to!: string;
  @ValidateNested() @Type(() => Address) address!: Address;
  @ValidateNested({ each: true }) @Type(() => Address) stops!: Address[];

  get label(): string {
    return `${this.to}, ${this.address.line}`;
  }
}

/** Takes values and gives values. */
@Actor({ name: 'Postman' })
export class Postman {
  private last: unknown;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async where(): Promise<string> {
    return this.context.node.name;
  }
  @Handler({ accepts: unchecked }) async echo(value: unknown): Promise<unknown> {
    return value;
  }
  /** What kind of value came, as this side sees it. */
  @Handler({ accepts: unchecked }) async kinds(values: readonly unknown[]): Promise<readonly string[]> {
    return values.map((value) =>
      value === undefined ? 'undefined' : Object.prototype.toString.call(value).slice(8, -1),
    );
  }
  @Handler() async label(parcel: Parcel): Promise<string> {
    return `${parcel.label} by ${parcel.stops.map(({ line }) => line).join(' and ')}`;
  }
  @Handler({ returns: Parcel }) async pack(street: string): Promise<Parcel> {
    const address = Object.assign(new Address(), { street, number: 1 });
    return Object.assign(new Parcel(), { to: 'ann', address, stops: [address] });
  }
  @Handler() async isParcel(parcel: Parcel): Promise<boolean> {
    return parcel instanceof Parcel && parcel.address instanceof Address;
  }
  /** Changes what came, keeps what it gives, and changes that later. */
  @Handler() async keep(list: number[]): Promise<number[]> {
    list.push(99);
    this.last = list;
    return list;
  }
  @Handler() async spoil(): Promise<unknown> {
    (this.last as number[]).push(100);
    return this.last;
  }
  /** Calls the actor that came as an argument, deep in it. */
  @Handler({ accepts: unchecked }) async visit(plan: {
    readonly stops: readonly ActorReference<Located>[];
  }): Promise<readonly string[]> {
    return Promise.all(plan.stops.map((stop) => stop.where()));
  }
  @Handler() async colleague(key: string): Promise<{ readonly contact: ActorReference<Postman> }> {
    return { contact: this.context.actor(Postman, key) };
  }
}
