import { createServer, type AddressInfo } from 'node:net';
import { FrameStream } from '../frame-echo';

/** A server that answers each frame, in a process of its own. */
const server = createServer((socket) => {
  let balance = 0;
  const stream = new FrameStream(socket, (frame) => {
    const { id, args } = frame as { id: number; args: [{ amount: number }] };
    balance += args[0].amount;
    stream.send({ id, value: balance });
  });
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
process.once('disconnect', () => process.exit(0));
