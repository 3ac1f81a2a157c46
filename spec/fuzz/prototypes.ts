/** The prototypes that everything inherits from, with the names and the kinds of what they hold. */
export function prototypesAsText(): string {
  const types = [
    Object,
    Array,
    Function,
    String,
    Number,
    Boolean,
    Date,
    Map,
    Set,
    Error,
    Promise,
    Buffer,
    Uint8Array,
    RegExp,
    Symbol,
    BigInt,
  ];
  return types.map((type) => `${type.name}: ${describe(type.prototype as object)}; ${describe(type)}`).join('\n');
}

function describe(of: object): string {
  const properties = Reflect.ownKeys(of).map((key) => {
    const { value, get, set, writable, enumerable } = Object.getOwnPropertyDescriptor(of, key) as PropertyDescriptor;
    return `${String(key)} ${typeof value} ${typeof get} ${typeof set} ${String(writable)} ${String(enumerable)}`;
  });
  return properties.join(', ');
}
