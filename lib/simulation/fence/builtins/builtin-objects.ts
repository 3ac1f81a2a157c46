import * as crypto from 'node:crypto';
import * as dgram from 'node:dgram';
import * as dns from 'node:dns';
import * as net from 'node:net';
import { plain, type BuiltinOwner } from '../ambient/builtin-owner';

const NETWORK = 'inject NetworkProvider, or call an actor: nothing outside of the simulated cluster can answer';
const PROCESS = 'put it behind a token of the container, and bind a simulated version in the modules of the simulation';
const KEYS = 'make keys before the simulation begins, or put them behind a token of the container';
const THREADED =
  'use the synchronous function, of node:crypto or node:zlib for instance: another thread cannot answer in a run';
const MACHINE =
  'ask before the simulation begins, or put it behind a token of the container: it differs from run to run and from machine to machine';

const RESOLVER =
  'resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr resolveSoa resolveSrv resolveTlsa resolveTxt reverse';

/** The types of Node.js leave it out. */
const webAssembly = Reflect.get(globalThis, 'WebAssembly') as object;
/** Empty in versions of Node.js without `Temporal`. */
const temporalNow = (Reflect.get(globalThis, 'Temporal') as { readonly Now: object } | undefined)?.Now ?? {};
const subtle = crypto.webcrypto.subtle.constructor.prototype as object;

/** Objects of Node.js that are no modules, and `crypto`. */
export const BUILTIN_OBJECTS: readonly BuiltinOwner[] = [
  {
    name: 'crypto',
    owner: plain(crypto),
    remedy: KEYS,
    pure: 'checkPrimeSync createCipheriv createDecipheriv createCipher createDecipher createHash createHmac createPrivateKey createPublicKey createSecretKey createSign createVerify diffieHellman getCiphers getCipherInfo getCurves getHashes hkdfSync pbkdf2Sync privateDecrypt privateEncrypt publicDecrypt scryptSync argon2Sync timingSafeEqual getFips verify hash Certificate Cipher Cipheriv Decipher Decipheriv Hash Hmac KeyObject Sign Verify X509Certificate secureHeapUsed decapsulate createMac getMacs parsePKCS12',
    answered:
      'randomBytes randomFill randomFillSync randomInt randomUUID getRandomValues prng pseudoRandomBytes rng sign',
    refused:
      'checkPrime createDiffieHellman createDiffieHellmanGroup createECDH generatePrime generatePrimeSync getDiffieHellman hkdf pbkdf2 generateKeyPair generateKeyPairSync generateKey generateKeySync publicEncrypt scrypt argon2 setEngine setFips DiffieHellman DiffieHellmanGroup ECDH encapsulate randomUUIDv7',
  },
  {
    name: 'crypto.subtle',
    owner: subtle,
    remedy: THREADED,
    pure: '',
    refused:
      'encrypt decrypt sign verify digest generateKey deriveKey deriveBits importKey exportKey wrapKey unwrapKey getPublicKey encapsulateBits encapsulateKey decapsulateBits decapsulateKey',
  },
  { name: 'net.Socket', owner: net.Socket.prototype, remedy: NETWORK, pure: '', refused: 'connect' },
  { name: 'net.Server', owner: net.Server.prototype, remedy: NETWORK, pure: '', refused: 'listen' },
  { name: 'dgram.Socket', owner: dgram.Socket.prototype, remedy: NETWORK, pure: '', refused: 'bind connect send' },
  { name: 'dns.Resolver', owner: dns.Resolver.prototype, remedy: NETWORK, pure: '', refused: RESOLVER },
  {
    name: 'dns/promises.Resolver',
    owner: dns.promises.Resolver.prototype,
    remedy: NETWORK,
    pure: '',
    refused: RESOLVER,
  },
  {
    name: 'Blob',
    owner: Blob.prototype,
    remedy: THREADED,
    pure: '',
    refused: 'arrayBuffer text bytes stream textStream',
  },
  {
    name: 'Atomics',
    owner: Atomics,
    remedy: 'use context.time.sleep() in an actor, cluster.sleep() in a test: waiting stops the whole simulated world',
    pure: '',
    refused: 'wait waitAsync',
  },
  {
    name: 'WebAssembly',
    owner: webAssembly,
    remedy: 'use new WebAssembly.Module() and new WebAssembly.Instance(): another thread cannot answer in a run',
    pure: '',
    refused: 'compile instantiate compileStreaming instantiateStreaming',
  },
  {
    name: 'Temporal.Now',
    owner: temporalNow,
    remedy: 'make it of context.time.wallClock()',
    pure: 'timeZoneId',
    answered: 'instant zonedDateTimeISO plainDateTimeISO plainDateISO plainTimeISO',
    refused: '',
  },
  { name: 'URL', owner: URL, remedy: 'make an id with context.random', pure: '', refused: 'createObjectURL' },
  {
    name: 'process',
    owner: process,
    remedy: PROCESS,
    pure: 'getActiveResourcesInfo cwd emitWarning nextTick getBuiltinModule getuid geteuid getgid getegid getgroups assert setSourceMapsEnabled hasUncaughtExceptionCaptureCallback setUncaughtExceptionCaptureCallback addUncaughtExceptionCaptureCallback ref unref exit abort reallyExit',
    answered: 'uptime cpuUsage threadCpuUsage resourceUsage memoryUsage constrainedMemory availableMemory hrtime',
    refused:
      'binding dlopen loadEnvFile kill openStdin umask chdir initgroups setgroups setegid seteuid setgid setuid execve send disconnect',
  },
  { name: 'process.report', owner: process.report, remedy: MACHINE, pure: '', refused: 'getReport writeReport' },
  {
    name: 'performance',
    owner: Object.getPrototypeOf(performance) as object,
    remedy: MACHINE,
    pure: 'clearMarks clearMeasures clearResourceTimings setResourceTimingBufferSize',
    answered: 'now mark toJSON eventLoopUtilization getEntries getEntriesByName getEntriesByType',
    refused: 'measure timerify markResourceTiming',
  },
  {
    name: '',
    owner: globalThis,
    remedy: NETWORK,
    pure:
      'Object Function Array Number parseFloat parseInt Infinity NaN undefined Boolean String Symbol Promise RegExp Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError SuppressedError globalThis JSON Math Intl ArrayBuffer Uint8Array Int8Array Uint16Array Int16Array Uint32Array Int32Array Float16Array Float32Array Float64Array Uint8ClampedArray BigUint64Array BigInt64Array DataView Map BigInt Set WeakMap WeakSet Proxy Reflect Iterator DisposableStack AsyncDisposableStack SharedArrayBuffer Atomics WebAssembly decodeURI decodeURIComponent encodeURI encodeURIComponent escape unescape eval isFinite isNaN ' +
      'console process global Buffer URL URLSearchParams URLPattern DOMException AbortController AbortSignal Event EventTarget CustomEvent MessageEvent CloseEvent ErrorEvent QuotaExceededError TextEncoder TextDecoder TransformStream TransformStreamDefaultController WritableStream WritableStreamDefaultController WritableStreamDefaultWriter ReadableStream ReadableStreamDefaultReader ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableByteStreamController ReadableStreamDefaultController ByteLengthQueuingStrategy CountQueuingStrategy TextEncoderStream TextDecoderStream queueMicrotask structuredClone atob btoa MessagePort Blob ' +
      'Performance PerformanceEntry PerformanceMeasure PerformanceObserverEntryList PerformanceResourceTiming performance FormData Headers Request Response crypto Crypto CryptoKey SubtleCrypto Navigator navigator Storage localStorage sessionStorage Temporal',
    answered:
      'Date FinalizationRegistry WeakRef clearImmediate setImmediate clearInterval clearTimeout setInterval setTimeout File PerformanceMark',
    refused: 'fetch WebSocket EventSource',
  },
  {
    name: '',
    owner: globalThis,
    remedy: 'call an actor: a message of it cannot arrive in a run',
    pure: '',
    refused: 'BroadcastChannel MessageChannel',
  },
  { name: '', owner: globalThis, remedy: THREADED, pure: '', refused: 'CompressionStream DecompressionStream' },
  { name: '', owner: globalThis, remedy: MACHINE, pure: '', refused: 'PerformanceObserver' },
];

/** Owners that others add functions to, or of which only some matter: what is listed is refused, and nothing else. */
export const OPEN_OWNERS: ReadonlySet<object> = new Set([
  globalThis,
  process,
  net.Socket.prototype,
  net.Server.prototype,
  dgram.Socket.prototype,
  dns.Resolver.prototype,
  dns.promises.Resolver.prototype,
  Blob.prototype,
  Atomics,
  webAssembly,
  URL,
]);
