import { Actor, Handler, Persist, type ActorState } from 'moonpool';
import type { CompareAndSwap, RegisterValue } from 'moonpool/simulation';

class Values {
  values: string[] = [];
}

/** A list of its own for each key. Appends may be repeated, and are executed once. */
@Actor({ name: 'List', persist: 'after-turn' })
export class List {
  @Persist(Values) private readonly kept!: ActorState<Values>;

  @Handler({ idempotent: true }) async append(value: string): Promise<void> {
    this.kept.value.values.push(value);
  }

  @Handler({ readOnly: true }) async read(): Promise<string[]> {
    return this.kept.value.values;
  }
}

class Content {
  value: string | undefined;
}

/** A register: what the model of the checkers does, as an actor. Nothing of it is repeated by itself. */
@Actor({ name: 'Register', persist: 'after-turn' })
export class Register {
  @Persist(Content) private readonly content!: ActorState<Content>;

  @Handler() async write(value: string): Promise<void> {
    this.content.value.value = value;
  }

  @Handler() async cas({ expected, replacement }: CompareAndSwap): Promise<boolean> {
    if (this.content.value.value !== expected) return false;
    this.content.value.value = replacement as string;
    return true;
  }

  @Handler({ readOnly: true }) async read(): Promise<RegisterValue> {
    return this.content.value.value;
  }
}
