import * as childProcess from 'node:child_process';
import * as crypto from 'node:crypto';
import * as dgram from 'node:dgram';
import * as dns from 'node:dns';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import * as net from 'node:net';
import * as tls from 'node:tls';
import * as workerThreads from 'node:worker_threads';
import * as zlib from 'node:zlib';
import { guardedFunction, replaceProperty, type Replacement } from './replacement';

const STORAGE = 'inject StorageDevice, or keep state with @Persist; read what never changes before the simulation begins';
const NETWORK = 'inject NetworkProvider, or call an actor: nothing outside of the simulated cluster can answer';
const PROCESS = 'put it behind a token of the container, and bind a simulated version in the modules of the simulation';
const THREADED = 'use the synchronous function of node:crypto or node:zlib: another thread cannot answer in a run';
const KEYS = 'make keys before the simulation begins, or put them behind a token of the container';

/** Secrets that a seed could not decide, and work that another thread does. */
const UNDECIDED_CRYPTO = [
  'generateKey', 'generateKeySync', 'generateKeyPair', 'generateKeyPairSync', 'generatePrime', 'generatePrimeSync', 'createECDH',
  'createDiffieHellman', 'getDiffieHellman', 'pbkdf2', 'scrypt', 'hkdf', 'checkPrime',
];

/** What other threads do: the answer would come when the run has ended, and leaves no trace of being under way. */
const THREADED_SUBTLE = ['encrypt', 'decrypt', 'sign', 'verify', 'digest', 'importKey', 'exportKey', 'wrapKey', 'unwrapKey'];
const THREADED_ZLIB = [
  'deflate', 'deflateRaw', 'gzip', 'gunzip', 'inflate', 'inflateRaw', 'unzip', 'brotliCompress', 'brotliDecompress', 'zstdCompress', 'zstdDecompress',
];

/** Everything that reaches outside of the process or its thread: refused, for no seed could decide the answer. */
export function outsideReplacements(): readonly (Replacement | undefined)[] {
  return [
    ...refuseAll('fs', fs, functionsOf(fs), STORAGE),
    ...refuseAll('fs/promises', fs.promises, functionsOf(fs.promises), STORAGE),
    ...refuseAll('net', net, ['connect', 'createConnection'], NETWORK),
    ...refuseAll('net.Socket', net.Socket.prototype, ['connect'], NETWORK),
    ...refuseAll('net.Server', net.Server.prototype, ['listen'], NETWORK),
    ...refuseAll('tls', tls, ['connect'], NETWORK),
    ...refuseAll('http', http, ['request', 'get'], NETWORK),
    ...refuseAll('https', https, ['request', 'get'], NETWORK),
    ...refuseAll('http2', http2, ['connect'], NETWORK),
    ...refuseAll('dgram.Socket', dgram.Socket.prototype, ['bind', 'connect', 'send'], NETWORK),
    ...refuseAll('dns', dns, functionsOf(dns).filter(asksServer), NETWORK),
    ...refuseAll('dns/promises', dns.promises, functionsOf(dns.promises).filter(asksServer), NETWORK),
    ...refuseAll('', globalThis, ['fetch'], NETWORK),
    ...refuseAll('child_process', childProcess, functionsOf(childProcess), PROCESS),
    ...refuseAll('worker_threads', workerThreads, ['Worker'], PROCESS),
    ...refuseAll('crypto', crypto, UNDECIDED_CRYPTO, KEYS),
    ...refuseAll('crypto.subtle', crypto.webcrypto.subtle.constructor.prototype as object, ['generateKey', 'deriveBits', 'deriveKey'], KEYS),
    ...refuseAll('crypto.subtle', crypto.webcrypto.subtle.constructor.prototype as object, THREADED_SUBTLE, THREADED),
    ...refuseAll('zlib', zlib, THREADED_ZLIB, THREADED),
  ];
}

/** The functions of a module that are no classes. */
function functionsOf(module: object): readonly string[] {
  const owner = plain(module);
  return Object.keys(owner).filter((name) => {
    const value = Object.getOwnPropertyDescriptor(owner, name)?.value as unknown;
    return typeof value === 'function' && /^[a-z]/.test(name);
  });
}

function asksServer(name: string): boolean {
  return /^(lookup|resolve|reverse)/.test(name);
}

function refuseAll(module: string, owner: object, names: readonly string[], remedy: string): readonly (Replacement | undefined)[] {
  return names.map((property) => {
    const name = module === '' ? property : `${module}.${property}`;
    // The answer is never asked for: the watch throws.
    return replaceProperty(plain(owner), property, (real) => guardedFunction({ name, kind: 'refused', remedy }, real, () => undefined));
  });
}

/** Node's own module: the way in which a TypeScript module imports it may be a view of it. */
function plain(module: object): object {
  return (module as { default?: object }).default ?? module;
}
