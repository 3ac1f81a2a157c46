import { fork } from 'node:child_process';
import { once } from 'node:events';
import { FlowTransport } from 'moonpool/rpc';
import { Calculator } from './calculator';

/** Two processes: the child serves a calculator on TCP, the parent asks it. */
async function main(): Promise<void> {
  if (process.send !== undefined) {
    const server = await FlowTransport.listen();
    server.serve(new Calculator());
    process.send(server.address);
    process.once('disconnect', () => void server.close());
    return;
  }
  const child = fork(__filename);
  const [address] = (await once(child, 'message')) as [string];
  const transport = await FlowTransport.open();
  const calculator = transport.connect(Calculator, address);
  process.stdout.write(
    `6 + 7 = ${await calculator.add({ a: 6, b: 7 })}\n6 * 7 = ${await calculator.multiply({ a: 6, b: 7 })}\n`,
  );
  const patient = calculator.$with({ delivery: 'at-least-once', timeoutMs: 5_000 });
  process.stdout.write(`6 / 7 = ${await patient.divide({ a: 6, b: 7 })}\n`);
  await patient.divide({ a: 6, b: 0 }).catch((error: Error) => process.stdout.write(`6 / 0: ${error.message}\n`));
  await transport.close();
  child.disconnect();
}

void main();
