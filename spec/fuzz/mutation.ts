import type { Xoshiro128 } from '../../lib/simulation/random/xoshiro128';
import { handshakePacket } from '../../lib/handshake/handshake';
import { GOLDEN_PACKETS, type GoldenPacket } from './golden-packets';

/** A golden packet of which something was changed, as it travels. */
export interface Mutant {
  readonly golden: GoldenPacket;
  readonly bytes: Buffer;
}

const INTERESTING_BYTES = [0x00, 0x01, 0x7f, 0x80, 0xff, 0x22, 0x24, 0x5b, 0x7b] as const;
const INTERESTING_WORDS = [
  0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x1_0000, 23, 24, 1_048_600, 1_048_601,
] as const;
const INTERESTING_FLOATS = [
  Number.NaN,
  Number.POSITIVE_INFINITY,
  -1,
  -0,
  0.5,
  Number.MAX_SAFE_INTEGER,
  2 ** 53,
  2 ** 63,
  1e308,
  5e-324,
] as const;

/** Texts by which decoders of JSON have been harmed before. */
const HARMFUL_TEXTS: readonly string[] = [
  '[{"__proto__":{"polluted":true}}]',
  '[{"constructor":{"prototype":{"polluted":true}}}]',
  '[{"$":"object","value":[["__proto__",{"polluted":true}]]}]',
  '[{"$":"object","value":[["a",1],["a",2]]}]',
  '[{"a":1,"a":{"__proto__":1}}]',
  '[{"$":"map","value":[["__proto__",{"polluted":true}]]}]',
  '[{"$":"toString"}]',
  '[{"$":"__proto__","value":[]}]',
  '[{"$":"constructor","value":"x"}]',
  '[{"$":null}]',
  '[{"$":["map"]}]',
  '[{"$":"bigint","value":"1e9"}]',
  '[{"$":"bigint","value":"-"}]',
  '[{"$":"bigint"}]',
  '[{"$":"number","value":"__proto__"}]',
  '[{"$":"date","value":{"$":"date","value":1}}]',
  '[{"$":"date","value":"never"}]',
  '[{"$":"set","value":{"length":1e9}}]',
  '[{"$":"Float64Array","value":"AAAA"}]',
  '[{"$":"BigInt64Array","value":"!!!!"}]',
  '[{"$":"Uint8Array","value":{"length":4294967295}}]',
  '[{"toString":null,"valueOf":null,"then":1,"toJSON":"x","length":-1}]',
  '[{"amount":{"toString":1},"note":{}}]',
  '{"length":5,"0":1}',
  '"a text"',
  'null',
  '7',
  '',
  '[',
  '\u0000',
  '{"code":"__proto__","message":{},"name":{"a":1},"cause":{"cause":{"cause":{"cause":{"cause":{"cause":{}}}}}}}',
  '{"message":"m","name":"constructor","fields":{"stack":"s","message":"x","toString":1,"then":2}}',
  '{"code":"hasOwnProperty","message":1,"executed":"always"}',
  '[{"amount":1e400,"note":"\\ud800"}]',
  `[${'['.repeat(40)}${']'.repeat(40)}]`,
  `[${'{"a":'.repeat(40)}1${'}'.repeat(40)}]`,
  `[{"$":"bigint","value":"${'9'.repeat(4_000)}"}]`,
  `[${'['.repeat(5_000)}`,
  `[{${Array.from({ length: 1_100 }, (_, key) => `"k${key}":0`).join(',')}}]`,
];

/** Makes a mutant: something of the payload is changed and framed again, or something of the frame. */
export function mutate(random: Xoshiro128): Mutant {
  const golden = GOLDEN_PACKETS[random.below(GOLDEN_PACKETS.length)] as GoldenPacket;
  const isFramingSpared = random.below(5) > 0;
  if (!isFramingSpared)
    return { golden, bytes: changeSome(Buffer.from(handshakePacket(golden.token, golden.payload)), random) };
  const payload =
    random.below(6) === 0 ? changeText(golden.payload, random) : changeSome(Buffer.from(golden.payload), random);
  return { golden, bytes: Buffer.from(handshakePacket(golden.token, payload)) };
}

function changeSome(bytes: Buffer, random: Xoshiro128): Buffer {
  let changed = bytes;
  // Now and then nothing is changed: what follows then meets another state.
  for (let left = random.below(10) === 0 ? 0 : 1 + random.below(1 + random.below(4)); left > 0; left--)
    changed = changeOnce(changed, random);
  return changed;
}

function changeOnce(bytes: Buffer, random: Xoshiro128): Buffer {
  const at = random.below(bytes.length + 1);
  const room = bytes.length - at;
  switch (random.below(9)) {
    case 0:
      return room < 1
        ? bytes
        : written(bytes, () => bytes.writeUInt8((bytes[at] as number) ^ (1 << random.below(8)), at));
    case 1:
      return room < 1 ? bytes : written(bytes, () => bytes.writeUInt8(pick(INTERESTING_BYTES, random), at));
    case 2:
      return room < 4 ? bytes : written(bytes, () => bytes.writeUInt32LE(pick(INTERESTING_WORDS, random), at));
    case 3:
      return room < 8 ? bytes : written(bytes, () => bytes.writeDoubleLE(pick(INTERESTING_FLOATS, random), at));
    case 4:
      return bytes.subarray(0, at);
    case 5:
      return Buffer.concat([bytes, Buffer.alloc(random.below(40), random.below(256))]);
    case 6:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(random.below(bytes.length + 1))]);
    case 7: {
      const other = (GOLDEN_PACKETS[random.below(GOLDEN_PACKETS.length)] as GoldenPacket).payload;
      return Buffer.concat([bytes.subarray(0, at), other.subarray(random.below(other.length + 1))]);
    }
    default:
      return room < 2 ? bytes : written(bytes, () => bytes.writeUInt16LE(pick(INTERESTING_WORDS, random) & 0xffff, at));
  }
}

/** Puts another text where the JSON of the packet begins. */
function changeText(payload: Buffer, random: Xoshiro128): Buffer {
  const begin = Math.max(payload.indexOf('[{'), payload.indexOf('{"'), 0);
  return Buffer.concat([payload.subarray(0, begin), Buffer.from(pick(HARMFUL_TEXTS, random))]);
}

function written(bytes: Buffer, write: () => void): Buffer {
  write();
  return bytes;
}

function pick<T>(list: readonly T[], random: Xoshiro128): T {
  return list[random.below(list.length)] as T;
}
