import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import picocolors from 'picocolors';
import { MoonpoolError } from '../../errors/moonpool-error';
import { reasonOf } from '../../errors/reason-of';
import { SECURITY_OPTIONS, type SecurityOptions } from '../../handshake/security-options';
import { parseAddress } from '../../identity/network-address';
import type { ContainerModule } from '../../injection/container-module';
import { Logger } from '../../observability/logger';
import type { TlsOptions } from '../../providers/tls-options';
import { Operator } from '../../services/operator';
import { inspectCluster, whyNoAnswer, type ClusterInspection, type ClusterQuestion } from './cluster-inspection';
import { EXIT_CODE, type ExitCode } from '../exit-code';
import { describeCluster } from './inspection-text';
import { parseCount } from '../typed-count';

/** What follows `moonpool inspect <address>`, as it was typed. */
export interface InspectFlags {
  readonly namespace: string;
  readonly secretFile?: string;
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
  readonly timeout: string;
  readonly all?: boolean;
  readonly json?: boolean;
  /** Seconds; true when none were given. */
  readonly watch?: string | true;
}

/** Where the cluster secret is looked for when no file is named: as an argument others could read it in the list of processes. */
const SECRET_VARIABLE = 'MOONPOOL_CLUSTER_SECRET';
const DEFAULT_WATCH_SECONDS = 2;
/** Moves to the upper left corner of a terminal and clears what is below. */
const FROM_THE_TOP = '\u001b[H\u001b[J';

/** What fails is a part of what is shown, and not worth a line beside it. */
const silently: ContainerModule = {
  name: 'inspect',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};

/** Shows a running cluster, once or again and again. Ends with 1 when a process did not answer. */
export async function inspect(address: string, flags: InspectFlags): Promise<ExitCode> {
  parseAddress(address);
  const { namespace, timeout, watch } = flags;
  const question: ClusterQuestion = { namespace, address, timeoutMs: parseCount('--timeout', timeout) };
  const seconds =
    watch === undefined ? undefined : watch === true ? DEFAULT_WATCH_SECONDS : parseCount('--watch', watch);
  const operator = await Operator.open({ namespace, security: await securityOf(flags), modules: [silently] });
  try {
    if (seconds === undefined) return await look(operator, question, flags);
    return await watchOver(() => look(operator, question, flags), seconds);
  } finally {
    await operator.close();
  }
}

async function look(operator: Operator, question: ClusterQuestion, flags: InspectFlags): Promise<ExitCode> {
  let cluster: ClusterInspection;
  try {
    cluster = await inspectCluster(operator, question);
  } catch (error) {
    process.stderr.write(`${picocolors.red(`${question.address} does not answer: ${whyNoAnswer(error)}`)}\n`);
    return EXIT_CODE.failed;
  }
  const detailed = flags.all === true ? cluster.members.map(({ node }) => node) : [cluster.seenFrom];
  const text = flags.json === true ? `${JSON.stringify(cluster)}\n` : describeCluster(cluster, new Set(detailed));
  process.stdout.write(flags.watch !== undefined && process.stdout.isTTY ? `${FROM_THE_TOP}${text}` : text);
  return cluster.members.some(({ failure }) => failure !== undefined) ? EXIT_CODE.failed : EXIT_CODE.passed;
}

/** Looks until the command is interrupted; what was seen last decides how it ends. */
async function watchOver(once: () => Promise<ExitCode>, seconds: number): Promise<ExitCode> {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort();
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  let last: ExitCode = EXIT_CODE.passed;
  while (!controller.signal.aborted) {
    last = await once();
    await pause(seconds * 1_000, undefined, { signal: controller.signal }).catch(() => undefined);
  }
  return last;
}

/** @throws MoonpoolError INVALID_OPTION */
async function securityOf(flags: InspectFlags): Promise<SecurityOptions> {
  const { secretFile } = flags;
  const clusterSecret =
    secretFile === undefined ? process.env[SECRET_VARIABLE] : (await readText('--secret-file', secretFile)).trim();
  const tls = await tlsOf(flags);
  const security = {
    ...(clusterSecret === undefined || clusterSecret === '' ? {} : { clusterSecret }),
    ...(tls === undefined ? {} : { tls }),
  };
  SECURITY_OPTIONS.check('moonpool inspect', security);
  return security;
}

async function tlsOf({ ca, cert, key, serverName }: InspectFlags): Promise<TlsOptions | undefined> {
  if (ca === undefined && cert === undefined && key === undefined) return undefined;
  if (ca === undefined || cert === undefined || key === undefined)
    throw new MoonpoolError('INVALID_OPTION', {
      message: 'Of --ca, --cert and --key some are missing',
      remedy: 'Give all three, as the nodes have them, or none.',
    });
  const [authorities, certificate, secretKey] = await Promise.all([
    readText('--ca', ca),
    readText('--cert', cert),
    readText('--key', key),
  ]);
  return { ca: authorities, cert: certificate, key: secretKey, ...(serverName === undefined ? {} : { serverName }) };
}

async function readText(option: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new MoonpoolError('INVALID_OPTION', {
      message: `The file of ${option}, ${path}, cannot be read: ${reasonOf(cause)}`,
      remedy: 'Name a file that this user may read.',
      cause,
    });
  }
}
