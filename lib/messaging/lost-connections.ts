import type { Call } from '../calls/call';
import type { PendingCalls } from '../calls/pending-calls';
import { routeRemedy } from '../calls/unsent-call';
import type { Membership } from '../cluster/membership';
import type { Member } from '../cluster/membership-store';
import type { PacketConnection } from '../connection/packet-connection';
import { MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { formatNodeId } from '../identity/node-id';
import type { KnownLocations } from '../placement/known-locations';
import type { Transport } from '../transport/transport';

/** What is needed to tell calls that their connection is lost. */
export interface LostConnectionsParts {
  readonly pending: PendingCalls;
  readonly known: KnownLocations;
  readonly membership: Pick<Membership, 'view' | 'onDeath'>;
  readonly transport: Pick<Transport, 'peer' | 'forget' | 'onConnectionLost'>;
}

/** Ends the calls that wait for answers by a connection that is lost, or of a node that is dead; those that never left go elsewhere. */
export class LostConnections {
  /** @param onNotSent is notified of each call that has not left this process, and what it fails with if it cannot go elsewhere. */
  constructor(
    private readonly parts: LostConnectionsParts,
    private readonly onNotSent: (call: Call, failure: MoonpoolError) => void,
  ) {
    parts.transport.onConnectionLost((connection, error) => this.onLost(connection, error));
    parts.membership.onDeath((member) => this.onDeath(member));
  }

  private onLost(connection: PacketConnection, error: MoonpoolError): void {
    const { pending, known } = this.parts;
    // One that was never made, or refused, says more about what happened than that it is lost.
    const code = connection.remote === undefined ? error.code : 'CONNECTION_LOST';
    for (const call of pending.sentOn(connection)) {
      known.onNotReached(call.target.path);
      const { executed } = call;
      const what = executed === 'no' ? 'was not sent' : 'lost its connection';
      const message = `${call.describe()} ${what}: ${reasonOf(error)}`;
      const failure = new MoonpoolError(code, { message, executed, remedy: routeRemedy(call, error), cause: error });
      if (executed === 'no') this.onNotSent(call, failure);
      else call.failed(failure);
    }
  }

  private onDeath(member: Member): void {
    const { membership, transport } = this.parts;
    const { members } = membership.view;
    const successor = members.find((other) => other.address === member.address && other.status !== 'dead');
    const message = `The node ${formatNodeId(member)} was declared dead`;
    if (successor !== undefined) transport.peer(member.address).forgetFailures();
    else transport.forget(member.address, new MoonpoolError('CONNECTION_LOST', { message, executed: 'maybe' }));
  }
}
