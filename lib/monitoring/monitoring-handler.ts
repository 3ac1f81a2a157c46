import { reasonOf } from '../errors/reason-of';
import { Metrics } from '../observability/metrics';
import type { ActorRuntime } from '../runtime/actor-runtime';
import { PROMETHEUS_MEDIA_TYPE, prometheusText } from './prometheus-text';

/** What is asked: as much of an `IncomingMessage` of `node:http` as is looked at. */
export interface MonitoringRequest {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
}

/** How it is answered: as much of a `ServerResponse` of `node:http` as is used. */
export interface MonitoringResponse {
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body?: string): unknown;
}

/** Answers one request; for `createServer` of `node:http`, and for whatever takes such functions. */
export type MonitoringHandler = (request: MonitoringRequest, response: MonitoringResponse) => void;

/** What is said at one path. */
interface Page {
  readonly status: number;
  readonly mediaType: string;
  readonly body: string;
}

/** What it needs of a runtime. */
type MonitoredRuntime = Pick<ActorRuntime, 'health' | 'service'>;

const JSON_MEDIA_TYPE = 'application/json';
const TEXT_MEDIA_TYPE = 'text/plain; charset=utf-8';

const PAGES: Readonly<Record<string, (runtime: MonitoredRuntime) => Promise<Page>>> = {
  '/live': (runtime) => probe(runtime, 'live'),
  '/ready': (runtime) => probe(runtime, 'ready'),
  '/metrics': async (runtime) => {
    return { status: 200, mediaType: PROMETHEUS_MEDIA_TYPE, body: prometheusText(runtime.service(Metrics)) };
  },
};

/**
 * What supervisors and monitoring ask a process over HTTP: `createServer(monitoringHandler(runtime)).listen(8080)`.
 * `/live` and `/ready` are answered with 200, or with 503 when the process should be started again, or get no new work at present; the body is what
 * {@link ActorRuntime.health} has found. `/metrics` is what it counts, as {@link prometheusText} writes it. Anything else is 404, and 500 says what a metric or a check has thrown. It tells
 * nothing of actors, and changes nothing; yet let only those reach the port whom it concerns.
 */
export function monitoringHandler(runtime: MonitoredRuntime): MonitoringHandler {
  return (request, response) => void answer(runtime, request, response);
}

async function answer(
  runtime: MonitoredRuntime,
  { method = 'GET', url = '' }: MonitoringRequest,
  response: MonitoringResponse,
): Promise<void> {
  if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' });
    response.end();
    return;
  }
  const [path = ''] = url.split('?');
  const { status, mediaType, body } = await pageAt(path, runtime);
  // A probe that is remembered on its way says nothing of the present.
  response.writeHead(status, { 'content-type': mediaType, 'cache-control': 'no-store' });
  response.end(method === 'HEAD' ? undefined : body);
}

/** Metrics and checks are those of the application too: what they throw is an answer, for here it would end the process. */
async function pageAt(path: string, runtime: MonitoredRuntime): Promise<Page> {
  const page = Object.hasOwn(PAGES, path) ? PAGES[path] : undefined;
  if (page === undefined)
    return { status: 404, mediaType: TEXT_MEDIA_TYPE, body: `There are ${Object.keys(PAGES).join(', ')}.\n` };
  try {
    return await page(runtime);
  } catch (error) {
    return { status: 500, mediaType: TEXT_MEDIA_TYPE, body: `${path} could not be told: ${reasonOf(error)}\n` };
  }
}

async function probe(runtime: MonitoredRuntime, what: 'live' | 'ready'): Promise<Page> {
  const health = await runtime.health();
  return { status: health[what] ? 200 : 503, mediaType: JSON_MEDIA_TYPE, body: JSON.stringify(health) };
}
