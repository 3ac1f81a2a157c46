import 'reflect-metadata';
import { exec } from 'node:child_process';
import * as crypto from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { request } from 'node:http';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Worker } from 'node:worker_threads';
import { gzip } from 'node:zlib';
import { Actor } from '../../../decorators/actor';
import { Handler } from '../../../decorators/handler';
import { inject } from '../../../decorators/inject';
import { Persist } from '../../../decorators/persist';
import type { ActorState } from '../../../lib/actor/actor-state';
import { ActorContext } from '../../../lib/actor/actor-context';

// Taken before any run: the fence cannot stand in front of them.
const { stat: statCaptured } = require('node:fs') as typeof import('node:fs');
const setTimeoutCaptured = setTimeout;
const setImmediateCaptured = setImmediate;

/** Only Node.js 26 and later have it. */
const temporalNow = (Reflect.get(globalThis, 'Temporal') as { readonly Now: object } | undefined)?.Now as {
  instant(): object;
  plainDateTimeISO(timeZone: string): object;
};

class Count {
  value = 0;
}

/** What outlives every run. */
const cache = new Map<string, number>();

/** Does in each handler one thing that an actor must not do. Specs find the lines by their last comment. */
@Actor({ name: 'Careless' })
export class Careless {
  @Persist(Count) private readonly count!: ActorState<Count>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async dateNow(): Promise<number> {
    return Date.now(); // Date.now
  }

  @Handler() async newDate(): Promise<string> {
    return new Date().toISOString(); // new Date()
  }

  @Handler() async temporalInstant(): Promise<string> {
    return String(temporalNow.instant()); // Temporal.Now.instant
  }

  @Handler() async temporalDateTime(): Promise<string> {
    return String(temporalNow.plainDateTimeISO('Asia/Tokyo')); // Temporal.Now.plainDateTimeISO
  }

  @Handler() async performanceNow(): Promise<number> {
    return performance.now(); // performance.now
  }

  @Handler() async hrtime(): Promise<number> {
    return process.hrtime()[0]; // process.hrtime
  }

  @Handler() async hrtimeBigint(): Promise<string> {
    return process.hrtime.bigint().toString(); // process.hrtime.bigint
  }

  @Handler() async mathRandom(): Promise<number> {
    return Math.random(); // Math.random
  }

  @Handler() async randomUuid(): Promise<string> {
    return crypto.randomUUID(); // crypto.randomUUID
  }

  @Handler() async webRandomUuid(): Promise<string> {
    return globalThis.crypto.randomUUID(); // globalThis.crypto
  }

  @Handler() async randomValues(): Promise<string> {
    return globalThis.crypto.getRandomValues(new Uint16Array(4)).join(); // crypto.getRandomValues
  }

  @Handler() async randomBytes(): Promise<string> {
    return crypto.randomBytes(8).toString('hex'); // crypto.randomBytes
  }

  @Handler() async randomInt(): Promise<number> {
    return crypto.randomInt(10, 20); // crypto.randomInt
  }

  @Handler() async environment(): Promise<string | undefined> {
    return process.env['PATH']; // process.env.PATH
  }

  @Handler() async importedEnvironment(): Promise<string | undefined> {
    return env['PATH']; // imported env
  }

  @Handler() async wholeEnvironment(): Promise<number> {
    return Object.keys(process.env).length; // process.env
  }

  @Handler() async timeout(): Promise<void> {
    await new Promise<void>((resolve) => setTimeout(resolve, 50)); // setTimeout
  }

  @Handler() async immediate(): Promise<void> {
    await new Promise<void>((resolve) => void setImmediate(resolve)); // setImmediate
  }

  @Handler() async interval(): Promise<number> {
    let times = 0;
    await new Promise<void>((resolve) => {
      const tick = (): void => {
        if (++times < 3) return;
        clearInterval(timer);
        resolve();
      };
      const timer = setInterval(tick, 10); // setInterval
    });
    return times;
  }

  @Handler() async promisedTimeout(): Promise<string> {
    return sleep(20, 'slept'); // timers/promises.setTimeout
  }

  @Handler() async promisifiedTimeout(): Promise<void> {
    await promisify(setTimeout)(20); // promisify(setTimeout)
  }

  @Handler() async signalTimeout(): Promise<string> {
    const signal = AbortSignal.timeout(30); // AbortSignal.timeout
    await this.context.time.sleep(40);
    return (signal.reason as Error).name;
  }

  @Handler() async weakReference(): Promise<boolean> {
    const target = {};
    // oxlint-disable-next-line no-restricted-globals -- the fence must find it
    return new WeakRef(target).deref() === target; // new WeakRef()
  }

  @Handler() async finalization(): Promise<void> {
    // oxlint-disable-next-line no-restricted-globals -- the fence must find it
    new FinalizationRegistry(() => undefined).register({}, 1); // new FinalizationRegistry()
  }

  @Handler() async requiredRead(): Promise<void> {
    const fs = require('node:fs') as typeof import('node:fs');
    fs.readFileSync(__filename); // fs.readFileSync
  }

  @Handler() async importedRead(): Promise<void> {
    await readFile(__filename); // fs/promises.readFile
  }

  @Handler() async capturedRead(): Promise<void> {
    statCaptured(__filename, () => undefined); // FSReqCallback
  }

  @Handler() async capturedTimer(): Promise<void> {
    setTimeoutCaptured(() => undefined, 1); // Timeout
  }

  @Handler() async capturedImmediate(): Promise<void> {
    setImmediateCaptured(() => undefined); // Immediate
  }

  @Handler() async fetches(): Promise<void> {
    await fetch('http://127.0.0.1:1/'); // fetch
  }

  @Handler() async connects(): Promise<void> {
    connect(1, '127.0.0.1'); // net.connect
  }

  @Handler() async requests(): Promise<void> {
    request('http://127.0.0.1:1/'); // http.request
  }

  @Handler() async looksUp(): Promise<void> {
    await lookup('localhost'); // dns/promises.lookup
  }

  @Handler() async executes(): Promise<void> {
    exec('true'); // child_process.exec
  }

  @Handler() async threads(): Promise<void> {
    void new Worker(__filename); // worker_threads.Worker
  }

  @Handler() async makesKeys(): Promise<void> {
    crypto.generateKeyPairSync('ed25519'); // crypto.generateKeyPairSync
  }

  @Handler() async compresses(): Promise<void> {
    gzip('', () => undefined); // zlib.gzip
  }

  @Handler() async digests(): Promise<void> {
    await globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(1)); // crypto.subtle.digest
  }

  @Handler() async cached(): Promise<number> {
    const known = cache.get(this.context.key) ?? 0;
    cache.set(this.context.key, known + 1);
    await this.context.time.sleep(1 + Math.min(known, 1)); // cached sleep
    return known;
  }

  @Handler() async forgetsToWait(): Promise<void> {
    void this.goOn();
  }

  @Handler() async forgetsItsCall(): Promise<void> {
    void this.context.time.sleep(5).then(() => this.context.actor(Careless, 'other').careful()); // then call
  }

  @Handler() async forgetsItsState(): Promise<void> {
    void this.context.time.sleep(5).then(() => this.count.persist()); // then persist
  }

  /** What it leaves behind has nothing to do with it any more. */
  @Handler() async leavesALoser(): Promise<void> {
    await Promise.race([this.context.time.sleep(1), this.context.time.sleep(1_000)]);
    this.context.actor(Careless, 'newcomer').$send.careful();
  }

  async onActivate(): Promise<void> {
    await this.context.time.sleep(20);
    await this.context.time.sleep(20);
  }

  private async goOn(): Promise<void> {
    await this.context.time.sleep(5);
    await this.context.time.sleep(5); // then sleep
  }

  /** Does nothing wrong: what a test that is well written may do, and more. */
  @Handler() async careful(): Promise<string> {
    await this.context.time.sleep(5);
    return (
      new Date(this.context.time.wallClock()).toISOString() +
      (new Date(0) instanceof Date ? this.context.random.below(10) : '')
    );
  }
}
