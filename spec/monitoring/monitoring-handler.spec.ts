import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ActorRuntime } from 'moonpool';
import { HealthChecks } from 'moonpool/modules';
import { monitoringHandler } from 'moonpool/prometheus';
import { ClusterFixture } from '../activation/cluster-fixture';

describe('The handler of probes and metrics', () => {
  const cluster = new ClusterFixture([]);
  let runtime: ActorRuntime;
  let server: Server;
  let why: string | undefined;

  before(async () => {
    const check = { name: 'printer', decides: 'ready', check: () => why } as const;
    runtime = await cluster.node('n1', {
      modules: cluster.with({ name: 'printer', load: (_, contribute) => contribute(HealthChecks, check) }),
    });
    server = createServer(monitoringHandler(runtime)).listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  after(async () => {
    server.close();
    server.closeAllConnections();
    await cluster.shutdown();
  });

  const get = (path: string, method = 'GET'): Promise<Response> =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { method });

  it('answers 200 while the process is live and ready, and 503 with what is not well otherwise', async () => {
    expect([(await get('/live')).status, (await get('/ready?verbose')).status]).to.deep.equal([200, 200]);
    why = 'it has no paper';
    const [live, ready] = [await get('/live'), await get('/ready')];
    expect([live.status, ready.status]).to.deep.equal([200, 503]);
    const { parts } = (await ready.json()) as { parts: { name: string; why?: string }[] };
    expect(parts.find(({ name }) => name === 'printer')).to.deep.include({ why: 'it has no paper' });
    why = undefined;
  });

  it('gives all metrics of the process as Prometheus reads them', async () => {
    const response = await get('/metrics');
    expect(response.headers.get('content-type')).to.equal('text/plain; version=0.0.4; charset=utf-8');
    expect(response.headers.get('cache-control')).to.equal('no-store');
    expect(await response.text()).to.match(/^moonpool_cluster_lease_held 1$/m);
  });

  it('says what there is where there is nothing, and only reads', async () => {
    const nothing = await get('/constructor');
    expect([nothing.status, await nothing.text()]).to.deep.equal([404, 'There are /live, /ready, /metrics.\n']);
    const posted = await get('/live', 'POST');
    expect([posted.status, posted.headers.get('allow')]).to.deep.equal([405, 'GET, HEAD']);
    const head = await get('/metrics', 'HEAD');
    expect([head.status, await head.text()]).to.deep.equal([200, '']);
  });

  it('answers what cannot be told with why, and does not end the process', async () => {
    const failing = {
      health: () => Promise.reject(new RangeError('no paper')),
      service: () => {
        throw new RangeError('no ink');
      },
    } as unknown as ActorRuntime;
    const answers = ['/live', '/metrics'].map(
      (url) =>
        new Promise<unknown>((resolve) => {
          let said: number;
          monitoringHandler(failing)(
            { url },
            { writeHead: (status) => (said = status), end: (body) => resolve([said, body]) },
          );
        }),
    );
    expect(await Promise.all(answers)).to.deep.equal([
      [500, '/live could not be told: no paper\n'],
      [500, '/metrics could not be told: no ink\n'],
    ]);
  });

  it('is not ready from the beginning of a shutdown on', async () => {
    const ending = runtime.shutdown();
    expect([(await get('/live')).status, (await get('/ready')).status]).to.deep.equal([200, 503]);
    await ending;
  });
});
