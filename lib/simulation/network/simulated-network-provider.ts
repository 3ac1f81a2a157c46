import type { NetworkAddress } from '../../identity/network-address';
import type { Connection, NetworkListener, NetworkProvider } from '../../providers/network-provider';
import { never, type NodeLife } from '../engine/node-life';
import type { NetworkFabric } from './network-fabric';

/** How long it takes until an address is listened on, in milliseconds. */
const BIND_MS = 0.1;

/** The network as one life of a simulated node sees it. */
export class SimulatedNetworkProvider implements NetworkProvider {
  constructor(
    private readonly fabric: NetworkFabric,
    private readonly life: NodeLife,
    private readonly host: string,
  ) {}

  listen(address: NetworkAddress, accept: (connection: Connection) => void): Promise<NetworkListener> {
    const { fabric, life, host } = this;
    if (life.refuses()) return never();
    return new Promise((resolve, reject) => {
      fabric.world.schedule(life, BIND_MS, 'bind', () => {
        try {
          const given = fabric.listen(life, host, address, accept);
          resolve({
            address: given,
            close: () => {
              fabric.unlisten(life, given);
              return Promise.resolve();
            },
          });
        } catch (error) {
          reject(error as Error);
        }
      });
    });
  }

  connect(address: NetworkAddress): Promise<Connection> {
    const { fabric, life, host } = this;
    if (life.refuses()) return never();
    return new Promise((resolve, reject) => fabric.connect(life, host, address, resolve, reject));
  }
}
