/** The id of a message that nobody has given a name, which is its key too. */
const MESSAGE = /^message\/[0-9a-f]{32}(?:~\d+)?$/;

/**
 * The id of the delivery that is done when the call of this key is, so that it goes with the very commit that says so; undefined for other
 * keys. A message that was refused before is called under its key and a number.
 */
export function deliveryOfKey(key: string): string | undefined {
  return MESSAGE.test(key) ? (key.split('~')[0] as string) : undefined;
}
