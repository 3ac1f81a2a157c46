import { fork } from 'node:child_process';
import { once } from 'node:events';
import { FlowTransport } from 'moonpool/rpc';
import { answerPings, PING } from './ping-pong';

/** Two processes: the parent sends pings over TCP, the child answers them. */
async function main(): Promise<void> {
  if (process.send !== undefined) {
    const server = await FlowTransport.listen();
    answerPings(server);
    process.send(server.address);
    process.once('disconnect', () => void server.close());
    return;
  }
  const child = fork(__filename);
  const [address] = (await once(child, 'message')) as [string];
  const transport = await FlowTransport.open();
  for (let sequence = 1; sequence <= 10; sequence++) {
    const answer = await transport
      .request<string>({ address, token: PING }, { sequence })
      .catch((error: Error) => error.message);
    process.stdout.write(`ping ${sequence} to ${address}: ${answer}\n`);
  }
  process.stdout.write(`a round trip takes ${(await transport.ping(address)).toFixed(2)} ms\n`);
  await transport.close();
  child.disconnect();
}

void main();
