import * as crypto from 'node:crypto';
import type { AmbientFunction } from '../ambient/ambient-access';
import { plain } from '../ambient/builtin-owner';
import { guardedFunction, replaceProperty, type Asks, type Replacement } from '../ambient/replacement';

const SIGNATURE: AmbientFunction = {
  name: 'crypto.sign',
  kind: 'refused',
  remedy:
    'sign with RSA and PKCS #1 v1.5 or with Ed25519, which are functions of key and data, or put it behind a token of the container: this signature holds random numbers',
};

/**
 * Signatures. Some are functions of their key and their data; others hold random numbers (ECDSA, DSA, RSA-PSS), and some are
 * asked of another thread.
 */
export function signatureReplacements(): readonly (Replacement | undefined)[] {
  const ofFunction: Asks = ([, , key, callback]) => callback !== undefined || drawsNumbers(key);
  const ofObject: Asks = ([key]) => drawsNumbers(key);
  return [
    replaceProperty(plain(crypto), 'sign', (real) => guardedFunction(SIGNATURE, real, () => undefined, ofFunction)),
    replaceProperty(crypto.Sign.prototype, 'sign', (real) =>
      guardedFunction({ ...SIGNATURE, name: 'crypto.Sign.sign' }, real, () => undefined, ofObject),
    ),
  ];
}

function drawsNumbers(given: unknown): boolean {
  const { padding } = (given ?? {}) as { readonly padding?: unknown };
  const type = typeOf(given);
  if (type === 'rsa') return padding !== undefined && padding !== crypto.constants.RSA_PKCS1_PADDING;
  // What is no key is left to the real function, which says so.
  return type !== 'ed25519' && type !== 'ed448' && type !== undefined;
}

function typeOf(given: unknown): string | undefined {
  const { key } = (given ?? {}) as { readonly key?: unknown };
  try {
    const object =
      given instanceof crypto.KeyObject
        ? given
        : key instanceof crypto.KeyObject
          ? key
          : crypto.createPrivateKey(given as crypto.PrivateKeyInput);
    return object.asymmetricKeyType;
  } catch {
    return undefined;
  }
}
