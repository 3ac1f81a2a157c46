import { FlowTransport, type FlowListenOptions, type FlowOpenOptions } from 'moonpool/rpc';

/** Transports on TCP that are closed when their spec ends. */
export class Transports {
  private readonly opened: FlowTransport[] = [];

  async listen(options: FlowListenOptions = {}): Promise<FlowTransport> {
    return this.keep(await FlowTransport.listen(options));
  }

  async open(options: FlowOpenOptions = {}): Promise<FlowTransport> {
    return this.keep(await FlowTransport.open(options));
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.opened.splice(0).map((transport) => transport.close()));
  }

  private keep(transport: FlowTransport): FlowTransport {
    this.opened.push(transport);
    return transport;
  }
}

/** The code of the error with which the promise is rejected; what it resolved to, if it did. */
export function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => value,
    (error: { readonly code?: unknown }) => error.code ?? error,
  );
}
