/** The decorators would enrol the class with the mocha that runs this. */
export function withoutMocha(body: () => void): void {
  const { describe: kept } = globalThis;
  Reflect.deleteProperty(globalThis, 'describe');
  try {
    body();
  } finally {
    globalThis.describe = kept;
  }
}
