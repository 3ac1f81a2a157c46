import * as crypto from 'node:crypto';
import type { RandomProvider } from '../../../providers/random-provider';
import type { AmbientFunction } from '../ambient/ambient-access';
import type { AmbientWorld } from '../ambient/ambient-world';
import { guardedFunction, replaceProperty, type Replacement } from '../ambient/replacement';

const cryptoModule = (crypto as { default?: object }).default ?? crypto;

type Callback = (error: Error | null, value: unknown) => void;

/** Everything that draws random numbers. */
export function randomnessReplacements(): readonly (Replacement | undefined)[] {
  const drawn = (name: string): AmbientFunction => ({
    name,
    kind: 'answered',
    remedy: 'use context.random in an actor, cluster.random in a test',
  });
  const replace = (
    owner: object,
    property: string,
    name: string,
    answer: (world: AmbientWorld, args: readonly unknown[]) => unknown,
  ) => replaceProperty(owner, property, (real) => guardedFunction(drawn(name), real, answer));
  const uuid = (world: AmbientWorld): string => uuidOf(world.random);
  const fillAll = (world: AmbientWorld, [view]: readonly unknown[]): unknown =>
    fill(world.random, view as ArrayBufferView);
  const webCrypto = crypto.webcrypto.constructor.prototype as object;
  return [
    replace(Math, 'random', 'Math.random', (world) => world.random.fraction()),
    replace(cryptoModule, 'randomUUID', 'crypto.randomUUID', uuid),
    replace(webCrypto, 'randomUUID', 'crypto.randomUUID', uuid),
    replace(webCrypto, 'getRandomValues', 'crypto.getRandomValues', fillAll),
    ...['randomBytes', 'pseudoRandomBytes', 'rng', 'prng'].map((name) =>
      replace(cryptoModule, name, `crypto.${name}`, (world, [size, callback]) =>
        tell(world, callback, fill(world.random, Buffer.alloc(size as number))),
      ),
    ),
    replace(cryptoModule, 'randomInt', 'crypto.randomInt', (world, args) => {
      const callback = args.find((arg) => typeof arg === 'function');
      const [first, second] = args.filter((arg) => typeof arg === 'number');
      const [from, to] = second === undefined ? [0, first as number] : [first as number, second];
      if (!(from < to)) throw new RangeError(`randomInt needs a range, and got ${from} to ${to}.`);
      return tell(world, callback, from + Math.floor(world.random.fraction() * (to - from)));
    }),
    replace(cryptoModule, 'randomFillSync', 'crypto.randomFillSync', (world, [view, offset, size]) =>
      fill(world.random, view as ArrayBufferView, offset, size),
    ),
    replace(cryptoModule, 'randomFill', 'crypto.randomFill', (world, args) => {
      const [view, offset, size] = args.filter((arg) => typeof arg !== 'function');
      return tell(
        world,
        args.find((arg) => typeof arg === 'function'),
        fill(world.random, view as ArrayBufferView, offset, size),
      );
    }),
  ];
}

/** Gives the value back, or to the callback, which is called later as Node does. */
function tell(world: AmbientWorld, callback: unknown, value: unknown): unknown {
  if (typeof callback !== 'function') return value;
  world.schedule(0, () => (callback as Callback)(null, value));
  return undefined;
}

/** @param offset and `size` count elements, as Node counts them. */
function fill(
  random: RandomProvider,
  target: ArrayBufferView | ArrayBuffer,
  offset: unknown = 0,
  size?: unknown,
): unknown {
  const whole = ArrayBuffer.isView(target)
    ? new Uint8Array(target.buffer, target.byteOffset, target.byteLength)
    : new Uint8Array(target);
  const width = (target as { readonly BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
  const from = (offset as number) * width;
  const bytes = whole.subarray(from, size === undefined ? undefined : from + (size as number) * width);
  for (let index = 0; index < bytes.length; index++) bytes[index] = random.uint32() & 0xff;
  return target;
}

/** A version 4 UUID of RFC 9562. */
function uuidOf(random: RandomProvider): string {
  const bytes = new Uint8Array(16);
  fill(random, bytes);
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
  const text = Buffer.from(bytes).toString('hex');
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-');
}
