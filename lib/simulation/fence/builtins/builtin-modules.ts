import * as asyncHooks from 'node:async_hooks';
import * as buffer from 'node:buffer';
import * as childProcess from 'node:child_process';
import * as cluster from 'node:cluster';
import * as dgram from 'node:dgram';
import * as dns from 'node:dns';
import * as events from 'node:events';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as https from 'node:https';
import * as inspector from 'node:inspector';
import * as net from 'node:net';
import * as os from 'node:os';
import * as perfHooks from 'node:perf_hooks';
import * as readline from 'node:readline';
import * as stream from 'node:stream';
import * as streamWeb from 'node:stream/web';
import * as timers from 'node:timers';
import * as timersPromises from 'node:timers/promises';
import * as tls from 'node:tls';
import * as tty from 'node:tty';
import * as util from 'node:util';
import * as v8 from 'node:v8';
import * as vm from 'node:vm';
import * as workerThreads from 'node:worker_threads';
import * as zlib from 'node:zlib';
import { plain, type BuiltinOwner } from '../ambient/builtin-owner';

const STORAGE =
  'inject StorageDevice, or keep state with @Persist; read what never changes before the simulation begins';
const NETWORK = 'inject NetworkProvider, or call an actor: nothing outside of the simulated cluster can answer';
const PROCESS = 'put it behind a token of the container, and bind a simulated version in the modules of the simulation';
const THREADED = 'use the synchronous function of node:crypto or node:zlib: another thread cannot answer in a run';
const MACHINE =
  'ask before the simulation begins, or put it behind a token of the container: it differs from run to run and from machine to machine';
const LATER = 'use context.time.sleep() or .schedule() in an actor, cluster.sleep() in a test';

const DNS =
  'lookup lookupService Resolver setServers getServers resolve resolve4 resolve6 resolveAny resolveCaa resolveCname resolveMx resolveNaptr resolveNs resolvePtr resolveSoa resolveSrv resolveTlsa resolveTxt reverse';
const DNS_ORDER = 'getDefaultResultOrder setDefaultResultOrder';

/** The modules of Node.js. Of `crypto` there is a table of its own. */
export const BUILTIN_MODULES: readonly BuiltinOwner[] = [
  {
    name: 'fs',
    owner: plain(fs),
    remedy: STORAGE,
    pure: 'Dirent Stats Dir _toUnixTimestamp',
    refused:
      'appendFile appendFileSync access accessSync chown chownSync chmod chmodSync close closeSync copyFile copyFileSync cp cpSync createReadStream createWriteStream exists existsSync fchown fchownSync fchmod fchmodSync fdatasync fdatasyncSync fstat fstatSync fsync fsyncSync ftruncate ftruncateSync futimes futimesSync lchmod lchmodSync lchown lchownSync link linkSync lstat lstatSync lutimes lutimesSync mkdir mkdirSync mkdtemp mkdtempSync mkdtempDisposableSync open openSync openAsBlob openAsBlobSync readdir readdirSync read readSync readv readvSync readFile readFileSync readlink readlinkSync realpath realpathSync rename renameSync rm rmSync rmdir rmdirSync stat statfs statSync statfsSync symlink symlinkSync truncate truncateSync unwatchFile unlink unlinkSync utimes utimesSync watch watchFile writeFile writeFileSync write writeSync writev writevSync ReadStream WriteStream FileReadStream FileWriteStream Utf8Stream opendir opendirSync glob globSync',
  },
  {
    name: 'fs/promises',
    owner: fs.promises,
    remedy: STORAGE,
    pure: '',
    refused:
      'access copyFile cp open opendir rename truncate rm rmdir mkdir mkdtempDisposable readdir readlink symlink lstat stat statfs link unlink chmod lchmod lchown chown utimes lutimes realpath mkdtemp writeFile appendFile readFile watch glob',
  },
  {
    name: 'net',
    owner: plain(net),
    remedy: NETWORK,
    pure: 'BlockList SocketAddress createServer isIP isIPv4 isIPv6 Server Socket Stream getDefaultAutoSelectFamily setDefaultAutoSelectFamily getDefaultAutoSelectFamilyAttemptTimeout setDefaultAutoSelectFamilyAttemptTimeout',
    refused: 'connect createConnection BoundSocket',
  },
  {
    name: 'tls',
    owner: plain(tls),
    remedy: NETWORK,
    pure: 'getCiphers convertALPNProtocols checkServerIdentity createSecureContext SecureContext TLSSocket Server createServer getCertificateCompressionAlgorithms',
    refused: 'connect createSecurePair getCACertificates setDefaultCACertificates',
  },
  {
    name: 'http',
    owner: plain(http),
    remedy: NETWORK,
    pure: 'Agent IncomingMessage OutgoingMessage Server ServerResponse createServer validateHeaderName validateHeaderValue isValidHeaderName isValidHeaderValue websocketMask websocketUnmask setMaxIdleHTTPParsers CloseEvent MessageEvent',
    refused: 'get request ClientRequest WebSocket setGlobalProxyFromEnv',
  },
  { name: 'https', owner: plain(https), remedy: NETWORK, pure: 'Agent Server createServer', refused: 'get request' },
  {
    name: 'http2',
    owner: plain(http2),
    remedy: NETWORK,
    pure: 'createServer createSecureServer getDefaultSettings getPackedSettings getUnpackedSettings Http2ServerRequest Http2ServerResponse',
    refused: 'connect performServerHandshake',
  },
  { name: 'dgram', owner: plain(dgram), remedy: NETWORK, pure: 'createSocket Socket', refused: '' },
  { name: 'dns', owner: plain(dns), remedy: NETWORK, pure: DNS_ORDER, refused: DNS },
  { name: 'dns/promises', owner: dns.promises, remedy: NETWORK, pure: DNS_ORDER, refused: DNS },
  {
    name: 'child_process',
    owner: plain(childProcess),
    remedy: PROCESS,
    pure: '',
    refused: 'ChildProcess exec execFile execFileSync execSync fork spawn spawnSync',
  },
  {
    name: 'cluster',
    owner: plain(cluster),
    remedy: PROCESS,
    pure: '',
    refused: 'Worker setupPrimary setupMaster fork disconnect',
  },
  {
    name: 'worker_threads',
    owner: plain(workerThreads),
    remedy: PROCESS,
    pure: 'MessagePort markAsUntransferable markAsUncloneable isMarkedAsUntransferable moveMessagePortToContext receiveMessageOnPort setEnvironmentData getEnvironmentData',
    refused: 'MessageChannel BroadcastChannel postMessageToThread Worker',
  },
  {
    name: 'inspector',
    owner: plain(inspector),
    remedy: PROCESS,
    pure: '',
    refused: 'open close url waitForDebugger Session',
  },
  {
    name: 'os',
    owner: plain(os),
    remedy: MACHINE,
    pure: 'arch endianness machine platform release type version',
    answered: 'availableParallelism cpus freemem hostname loadavg totalmem uptime',
    refused: 'getPriority setPriority homedir networkInterfaces tmpdir userInfo',
  },
  {
    name: 'v8',
    owner: plain(v8),
    remedy: MACHINE,
    pure: 'cachedDataVersionTag Serializer Deserializer DefaultSerializer DefaultDeserializer deserialize serialize isStringOneByteRepresentation',
    refused:
      'getHeapSnapshot getHeapStatistics getHeapSpaceStatistics getHeapCodeStatistics getCppHeapStatistics setFlagsFromString takeCoverage stopCoverage writeHeapSnapshot queryObjects setHeapSnapshotNearHeapLimit setHeapProfileNearHeapLimit GCProfiler startCpuProfile startHeapProfile',
  },
  {
    name: 'vm',
    owner: plain(vm),
    remedy: MACHINE,
    pure: 'Script createScript runInThisContext isContext compileFunction SourceTextModule SyntheticModule Module',
    refused: 'measureMemory createContext runInContext runInNewContext',
  },
  {
    // Another context has a clock and random numbers of its own.
    name: 'vm.Script',
    owner: vm.Script.prototype,
    remedy: MACHINE,
    pure: 'runInThisContext createCachedData',
    refused: 'runInContext runInNewContext',
  },
  {
    name: 'RecordableHistogram',
    owner: Object.getPrototypeOf(perfHooks.createHistogram()) as object,
    remedy: 'record() times that context.time tells',
    pure: 'record recordCorrected add subtract',
    refused: 'recordDelta',
  },
  {
    name: 'perf_hooks',
    owner: plain(perfHooks),
    remedy: MACHINE,
    pure: 'Performance PerformanceEntry PerformanceMeasure PerformanceObserverEntryList PerformanceResourceTiming createHistogram importHistogram',
    answered: 'PerformanceMark eventLoopUtilization',
    refused: 'PerformanceObserver monitorEventLoopDelay createSlidingWindowHistogram timerify',
  },
  {
    name: 'timers',
    owner: plain(timers),
    remedy: LATER,
    pure: '',
    answered: 'setTimeout clearTimeout setImmediate clearImmediate setInterval clearInterval',
    refused: 'active unenroll enroll',
  },
  {
    name: 'timers/promises',
    owner: plain(timersPromises),
    remedy: LATER,
    pure: '',
    answered: 'setTimeout setImmediate setInterval',
    refused: '',
  },
  {
    name: 'zlib',
    owner: plain(zlib),
    remedy: THREADED,
    pure: 'crc32 deflateSync gzipSync deflateRawSync unzipSync inflateSync gunzipSync inflateRawSync brotliCompressSync brotliDecompressSync zstdCompressSync zstdDecompressSync getMaxZipContentSize setMaxZipContentSize',
    refused:
      'Deflate Inflate Gzip Gunzip DeflateRaw InflateRaw Unzip BrotliCompress BrotliDecompress ZstdCompress ZstdDecompress deflate gzip deflateRaw unzip inflate gunzip inflateRaw brotliCompress brotliDecompress zstdCompress zstdDecompress createDeflate createInflate createDeflateRaw createInflateRaw createGzip createGunzip createUnzip createBrotliCompress createBrotliDecompress createZstdCompress createZstdDecompress ZipEntry ZipFile ZipBuffer createZipArchive createZipArchiveSync zipFiles',
  },
  {
    name: 'buffer',
    owner: plain(buffer),
    remedy: MACHINE,
    pure: 'Buffer SlowBuffer transcode isUtf8 isAscii isLatin1 btoa atob Blob',
    answered: 'File',
    refused: 'resolveObjectURL',
  },
  {
    name: 'util',
    owner: plain(util),
    remedy: MACHINE,
    pure: '_errnoException _exceptionWithHostPort _extend callbackify debug debuglog deprecate format styleText formatWithOptions getSystemErrorMap getSystemErrorName getSystemErrorMessage inherits inspect isArray isBoolean isBuffer isDeepStrictEqual isPartialDeepStrictEqual isNull isNullOrUndefined isNumber isString isSymbol isUndefined isRegExp isObject isDate isError isFunction isPrimitive log promisify stripVTControlCharacters toUSVString markPromiseAsHandled transferableAbortSignal transferableAbortController aborted parseEnv parseArgs TextDecoder TextEncoder MIMEType MIMEParams getCallSite getCallSites diff convertProcessSignalToExitCode',
    // The last two wait by timers of their own.
    refused: 'setTraceSigInt debounce throttle',
  },
  {
    name: 'stream',
    owner: plain(stream),
    remedy: MACHINE,
    pure: 'isDestroyed isDisturbed isErrored isReadable isWritable Readable Writable Duplex Transform PassThrough duplexPair pipeline addAbortSignal finished destroy compose setDefaultHighWaterMark getDefaultHighWaterMark Stream _isArrayBufferView _isUint8Array _uint8ArrayToBuffer',
    refused: '',
  },
  {
    name: 'stream/web',
    owner: plain(streamWeb),
    remedy: THREADED,
    pure: 'ReadableStream ReadableStreamDefaultReader ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableByteStreamController ReadableStreamDefaultController TransformStream TransformStreamDefaultController WritableStream WritableStreamDefaultWriter WritableStreamDefaultController ByteLengthQueuingStrategy CountQueuingStrategy TextEncoderStream TextDecoderStream ReadableStreamTee',
    refused: 'CompressionStream DecompressionStream',
  },
  {
    name: 'events',
    owner: plain(events),
    remedy: MACHINE,
    pure: 'addAbortListener once on getEventListeners getMaxListeners EventEmitter EventEmitterAsyncResource setMaxListeners init listenerCount',
    refused: '',
  },
  {
    name: 'async_hooks',
    owner: plain(asyncHooks),
    remedy: MACHINE,
    pure: 'AsyncLocalStorage createHook executionAsyncId triggerAsyncId executionAsyncResource AsyncResource',
    refused: '',
  },
  {
    name: 'readline',
    owner: plain(readline),
    remedy: PROCESS,
    pure: 'Interface clearLine clearScreenDown createInterface cursorTo emitKeypressEvents moveCursor',
    refused: '',
  },
  { name: 'tty', owner: plain(tty), remedy: PROCESS, pure: 'isatty WriteStream', refused: 'ReadStream' },
];

/** Modules that nothing of is looked at, and why. */
export const WHOLE_MODULES: Readonly<Record<string, string>> = {
  assert: 'functions of their arguments',
  'assert/strict': 'functions of their arguments',
  console: 'writes, and tells nothing',
  constants: 'numbers',
  diagnostics_channel: 'calls within the process',
  domain: 'changes how errors travel as soon as it is loaded',
  module: 'the loading of modules is not looked at',
  path: 'functions of their arguments',
  'path/posix': 'functions of their arguments',
  'path/win32': 'functions of their arguments',
  process: 'has a table of its own',
  punycode: 'functions of their arguments',
  querystring: 'functions of their arguments',
  crypto: 'has a table of its own',
  'inspector/promises': 'what it needs of inspector is looked at',
  'readline/promises': 'reads from streams',
  repl: 'for people',
  sea: 'files that are part of the program',
  sqlite: 'databases are put behind StateStorage; in memory they are functions of what was written',
  'stream/consumers': 'reads from streams',
  'stream/promises': 'waits for streams',
  string_decoder: 'functions of their arguments',
  sys: 'util by another name',
  test: 'declares tests',
  'test/reporters': 'declares tests',
  trace_events: 'writes, and tells nothing',
  url: 'functions of their arguments',
  'util/types': 'functions of their arguments',
  wasi: 'what it needs of files is asked by its module alone',
  vfs: 'files in memory',
  ffi: 'code that is not JavaScript',
  quic: 'what it needs of the network is asked by its own module',
};
