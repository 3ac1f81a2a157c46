import type { RandomProvider } from '../../providers/random-provider';
import { KeyedRolls } from '../random/keyed-rolls';
import { Xoshiro128 } from '../random/xoshiro128';
import type { ActorClass, ActorReference } from '../../actor/actor-reference';
import { isMoonpoolError } from '../../errors/moonpool-error';
import { messageOf } from '../../errors/thrown-value';
import type { ActorKey } from '../../identity/actor-key';
import type { ActorRuntime } from '../../runtime/actor-runtime';
import type { History } from '../checkers/histories/history';
import type { Nemesis } from './nemesis';
import type { WitnessCapture } from './witness-capture';
import type { Attempt, WorkloadContext, WorkloadOperation } from './workload-context';

/** The world that a client of a workload lives in. */
export interface ClientWorld extends Pick<
  WorkloadContext,
  | 'seed'
  | 'client'
  | 'clientIndex'
  | 'clientCount'
  | 'nodeAddresses'
  | 'random'
  | 'history'
  | 'nemesis'
  | 'sleep'
  | 'sometimes'
> {
  readonly runtime: ActorRuntime;
  readonly witnesses: WitnessCapture;
  now(): number;
}

/** A client of a workload, in whatever world. */
export class ClientContext implements WorkloadContext {
  readonly seed: number;
  readonly client: string;
  readonly clientIndex: number;
  readonly clientCount: number;
  readonly nodeAddresses: readonly string[];
  readonly random: RandomProvider;
  readonly history: History;
  readonly nemesis: Nemesis;

  constructor(private readonly world: ClientWorld) {
    ({
      seed: this.seed,
      client: this.client,
      clientIndex: this.clientIndex,
      clientCount: this.clientCount,
      nodeAddresses: this.nodeAddresses,
      random: this.random,
      history: this.history,
      nemesis: this.nemesis,
    } = world);
  }

  get now(): number {
    return this.world.now();
  }

  actor<T extends object>(type: ActorClass<T>, ...keys: readonly ActorKey[]): ActorReference<T> {
    // How many there are decides what is meant, and whether it may be.
    return this.world.runtime.actor(type, ...(keys as readonly [ActorKey]));
  }

  sleep(ms: number): Promise<void> {
    return this.world.sleep(ms);
  }

  sometimes(name: string, condition: boolean): void {
    this.world.sometimes(name, condition);
  }

  async attempt<T>(operation: WorkloadOperation, call: () => Promise<T>): Promise<Attempt<T>> {
    const invocation = this.history.invoke({ client: this.client, ...operation });
    try {
      const { result, witness } = await this.world.witnesses.run(call);
      invocation.ok(result, witness);
      return { outcome: 'ok', result };
    } catch (error) {
      const reason = messageOf(error);
      if (!isMoonpoolError(error)) {
        invocation.ok({ threw: reason });
        return { outcome: 'thrown', error };
      }
      const isCertain = error.executed === 'no';
      if (isCertain) invocation.failed(reason);
      else invocation.unknown(reason);
      return { outcome: isCertain ? 'failed' : 'unknown', error };
    }
  }
}

/** The randomness of one client of a workload: what the seed says, in every world the same. */
export function clientStream(seed: number, workload: string, client: number): RandomProvider {
  return new Xoshiro128(new KeyedRolls(seed).word('workload', `${workload} ${client}`));
}
