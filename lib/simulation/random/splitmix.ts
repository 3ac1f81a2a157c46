/**
 * Splitmix32: turns one number into many that look unrelated; used to fill the state of other generators and to mix keys.
 * G. L. Steele, D. Lea and C. H. Flood, "Fast Splittable Pseudorandom Number Generators", 2014; the 32-bit constants are
 * those of the finalizer of MurmurHash3.
 */
export function mix32(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** The golden ratio in 32 bits: the step between two numbers of splitmix. */
const STEP = 0x9e37_79b9;

/** The hash of two numbers, in which each bit of both counts. */
export function combine32(a: number, b: number): number {
  return mix32((mix32(a) + STEP + Math.imul(b, 0x2545_f491)) | 0);
}

/** The hash of a text (FNV-1a, mixed). */
export function hashText(text: string): number {
  let hash = 0x811c_9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x0100_0193);
  return mix32(hash);
}
