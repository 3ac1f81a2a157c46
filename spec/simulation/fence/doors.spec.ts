import { expect } from 'chai';
import * as crypto from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import * as http from 'node:http';
import Module from 'node:module';
import * as os from 'node:os';
import { join } from 'node:path';
import * as perfHooks from 'node:perf_hooks';
import * as v8 from 'node:v8';
import * as vm from 'node:vm';
import * as workerThreads from 'node:worker_threads';
import * as zlib from 'node:zlib';
import { runBody } from './fence-fixture';

const ec = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const ed = crypto.generateKeyPairSync('ed25519');
const other = vm.createContext();
const data = Buffer.from('x');
const atomic = (): Int32Array => new Int32Array(new SharedArrayBuffer(4));

/** What the simulated world answers: the name that is reported, and the call. */
const ANSWERED: readonly (readonly [name: string, call: () => unknown])[] = [
  [
    'Intl.DateTimeFormat.format',
    () => new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3, second: 'numeric' }).format(),
  ],
  [
    'Intl.DateTimeFormat.format',
    () => [undefined].map(new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3 }).format),
  ],
  [
    'Intl.DateTimeFormat.formatToParts',
    () => new Intl.DateTimeFormat('en', { fractionalSecondDigits: 3 }).formatToParts(),
  ],
  ['Event.timeStamp', () => new Event('x').timeStamp],
  ['new File()', () => new File([], 'x').lastModified],
  ['performance.mark', () => performance.mark('x').startTime],
  [
    'new PerformanceMark()',
    () => new (PerformanceMark as unknown as new (name: string) => { startTime: number })('x').startTime,
  ],
  ['performance.timeOrigin', () => performance.timeOrigin],
  ['performance.toJSON', () => performance.toJSON() as unknown],
  ['performance.eventLoopUtilization', () => performance.eventLoopUtilization()],
  ['performance.getEntries', () => performance.getEntries()],
  ['process.cpuUsage', () => process.cpuUsage()],
  ['process.resourceUsage', () => process.resourceUsage()],
  ['process.memoryUsage', () => process.memoryUsage()],
  ['process.memoryUsage.rss', () => process.memoryUsage.rss()],
  ['process.constrainedMemory', () => process.constrainedMemory()],
  ['process.pid', () => process.pid],
  ['process.ppid', () => process.ppid],
  ['os.uptime', () => os.uptime()],
  ['os.freemem', () => os.freemem()],
  ['os.totalmem', () => os.totalmem()],
  ['os.loadavg', () => os.loadavg()],
  ['os.hostname', () => os.hostname()],
  ['os.cpus', () => os.cpus()],
  ['os.availableParallelism', () => os.availableParallelism()],
  // It is asked of the other by Node.js itself.
  ['crypto.getRandomValues', () => crypto.getRandomValues(new Uint32Array(2))],
  ['crypto.getRandomValues', () => crypto.webcrypto.getRandomValues(new Uint32Array(2))],
];

/** What nobody could answer. */
const REFUSED: readonly (readonly [name: string, call: () => unknown])[] = [
  ['crypto.sign', () => crypto.sign('sha256', data, ec.privateKey)],
  [
    'crypto.sign',
    () => crypto.sign('sha256', data, { key: rsa.privateKey, padding: crypto.constants.RSA_PKCS1_PSS_PADDING }),
  ],
  ['crypto.sign', () => crypto.sign('sha256', data, rsa.privateKey, () => undefined)],
  ['crypto.Sign.sign', () => crypto.createSign('sha256').update('x').sign(ec.privateKey)],
  ['crypto.publicEncrypt', () => crypto.publicEncrypt(rsa.publicKey, data)],
  ['crypto.createECDH', () => crypto.createECDH('secp256k1')],
  ['crypto.ECDH', () => new (crypto.ECDH as unknown as new (curve: string) => object)('secp256k1')],
  ['crypto.subtle.importKey', () => crypto.webcrypto.subtle.importKey('raw', data, 'HKDF', false, ['deriveBits'])],
  ['v8.getHeapStatistics', () => v8.getHeapStatistics()],
  ['v8.writeHeapSnapshot', () => v8.writeHeapSnapshot()],
  ['os.networkInterfaces', () => os.networkInterfaces()],
  ['os.userInfo', () => os.userInfo()],
  ['vm.runInNewContext', () => vm.runInNewContext('Date.now()')],
  ['vm.createContext', () => vm.createContext()],
  ['vm.runInContext', () => vm.runInContext('Math.random()', other)],
  ['vm.Script.runInNewContext', () => new vm.Script('Date.now()').runInNewContext()],
  ['vm.Script.runInContext', () => new vm.Script('Date.now()').runInContext(other)],
  ['RecordableHistogram.recordDelta', () => perfHooks.createHistogram().recordDelta()],
  ['perf_hooks.monitorEventLoopDelay', () => perfHooks.monitorEventLoopDelay()],
  ['PerformanceObserver', () => new PerformanceObserver(() => undefined)],
  ['performance.measure', () => performance.measure('x')],
  ['performance.timerify', () => performance.timerify(() => 1)],
  ['Atomics.wait', () => Atomics.wait(atomic(), 0, 0, 1)],
  ['MessageChannel', () => new MessageChannel()],
  ['BroadcastChannel', () => new BroadcastChannel('x')],
  ['worker_threads.MessageChannel', () => new workerThreads.MessageChannel()],
  ['Blob.text', () => new Blob(['x']).text()],
  ['Blob.arrayBuffer', () => new Blob(['x']).arrayBuffer()],
  ['CompressionStream', () => new CompressionStream('gzip')],
  ['zlib.createGzip', () => zlib.createGzip()],
  ['zlib.Gzip', () => new (zlib as unknown as { readonly Gzip: new () => object }).Gzip()],
  [
    'http.ClientRequest',
    () => new (http.ClientRequest as unknown as new (url: string) => object)('http://127.0.0.1:1'),
  ],
  ['URL.createObjectURL', () => URL.createObjectURL(new Blob(['x']))],
  ['process.report.getReport', () => process.report.getReport()],
  ['process.kill', () => process.kill(process.pid, 0)],
  ['process.chdir', () => process.chdir('.')],
];

/** What depends on nothing but its arguments. */
const PURE: Readonly<Record<string, () => unknown>> = {
  'the format of a date': () => new Intl.DateTimeFormat('en').format(0),
  'the parts of a date': () => new Intl.DateTimeFormat('en').formatToParts(0).length,
  'a file with its time': () => new File([], 'x', { lastModified: 5 }).lastModified,
  'an RSA signature': () => crypto.sign('sha256', data, rsa.privateKey).length,
  'an RSA signature of a stream': () => crypto.createSign('sha256').update('x').sign(rsa.privateKey).length,
  'an Ed25519 signature': () => crypto.sign(null, data, ed.privateKey).length,
  'a hash': () => crypto.createHash('sha256').update('x').digest('hex'),
  'a compressed text': () => zlib.gunzipSync(zlib.gzipSync('x')).toString(),
  'a copy': () => (v8.deserialize(v8.serialize({ a: 1 })) as { a: number }).a,
  'what the machine is': () => os.EOL + os.type(),
};

describe('A door to the surrounding world that is not obvious', () => {
  for (const [name, call] of ANSWERED) {
    it(`is answered by the simulated world and reported: ${name}`, async () => {
      const answers: unknown[] = [];
      const run = () => runBody(async () => void answers.push(call()));
      const [first] = [await run(), await run()];
      expect(first.accesses.map((access) => `${access.name} ${access.kind}`)).to.include(`${name} answered`);
      expect(answers[1]).to.deep.equal(answers[0]);
    });
  }

  for (const [name, call] of REFUSED) {
    it(`is refused and reported: ${name}`, async () => {
      const { accesses, error } = await runBody(async () => void (await call()));
      expect(accesses.map((access) => `${access.name} ${access.kind}`)).to.include(`${name} refused`);
      expect(error).to.have.property('code', 'AMBIENT_ACCESS');
    });
  }

  for (const [what, call] of Object.entries(PURE)) {
    it(`is none: ${what}`, async () => {
      let answer: unknown;
      const { error } = await runBody(async () => {
        answer = call();
      });
      expect(error).to.equal(undefined);
      expect(answer).to.deep.equal(call());
    });
  }

  it('shows the time of the machine, and the name of the machine', async () => {
    const seen: string[] = [];
    await runBody(async (cluster) => {
      await cluster.sleep(1_000);
      seen.push(new Intl.DateTimeFormat('en', { timeZone: 'UTC', year: 'numeric' }).format(), os.hostname());
    });
    expect(seen).to.deep.equal(['2026', 'test']);
  });

  it('is left as it was when the run is over', async () => {
    const before = [
      performance.timeOrigin,
      process.pid,
      Intl.DateTimeFormat.prototype.formatToParts,
      Reflect.get(globalThis, 'File'),
      os.hostname(),
    ];
    await runBody(async () => undefined);
    expect([
      performance.timeOrigin,
      process.pid,
      Intl.DateTimeFormat.prototype.formatToParts,
      Reflect.get(globalThis, 'File'),
      os.hostname(),
    ]).to.deep.equal(before);
  });
});

describe('A module that is loaded during a run', () => {
  const folder = mkdtempSync(join(os.tmpdir(), 'moonpool-loader-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('may be looked for by a package that helps with loading, such as a compiler, in files', async () => {
    const home = join(folder, 'node_modules', 'loader');
    mkdirSync(home, { recursive: true });
    writeFileSync(
      join(home, 'index.js'),
      "const fs = require('node:fs'); const Module = require('node:module'); const real = Module._resolveFilename; Module._resolveFilename = function (...args) { fs.existsSync(__filename); return real.apply(this, args); }; module.exports = () => { Module._resolveFilename = real; return fs.existsSync(__filename); };",
    );
    writeFileSync(join(folder, 'late.js'), 'module.exports = 5;');
    const load = Module.createRequire(join(folder, 'here.js'));
    const end = load('loader') as () => boolean;
    let loaded: unknown;
    const { error } = await runBody(async () => {
      loaded = load('./late.js');
    });
    expect(error).to.equal(undefined);
    expect(loaded).to.equal(5);
    const { accesses } = await runBody(async () => void end());
    expect(accesses.map(({ name, through }) => `${name} through ${String(through)}`)).to.deep.equal([
      'fs.existsSync through loader',
    ]);
  });
});
