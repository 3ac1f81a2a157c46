import type { ClogRule } from '../network/rules/clog-rule';
import { BitFlipRule } from '../network/rules/bit-flip-rule';
import { ConnectFaultRule } from '../network/rules/connect-fault-rule';
import { LatencyRule } from '../network/latency/latency-rule';
import { LossRule } from '../network/rules/loss-rule';
import { PairLatencyRule } from '../network/latency/pair-latency-rule';
import type { PartitionRule } from '../network/partitions/partition-rule';
import { RandomCloseRule } from '../network/rules/random-close-rule';
import { RandomClogRule } from '../network/rules/random-clog-rule';
import { ShortTransferRule } from '../network/rules/short-transfer-rule';
import type { SimulatedNetwork } from '../network/simulated-network';
import { TemporaryCutRule } from '../network/rules/temporary-cut-rule';
import type { NetworkRule } from '../network/transfers/transfer';
import { VanishingRule } from '../network/rules/vanishing-rule';
import type { NetworkChaos } from './profile/network-chaos';

/** The rules by which a test itself disturbs the network. */
export interface NetworkControls {
  readonly partitions: PartitionRule;
  readonly clogs: ClogRule;
}

/** Gives a network its times and faults. A fault that the profile has switched off is not asked at all. */
export function addNetworkFaults(
  network: SimulatedNetwork,
  profile: NetworkChaos,
  { partitions, clogs }: NetworkControls,
): void {
  const { conditions, engine } = network;
  for (const rule of [latencyRule(network, profile), ...pairLatencyRules(profile), partitions, clogs])
    conditions.addRule(rule);
  // Those that put an arrival off stand first: what is put off is judged again by all that follow.
  const faults: readonly (readonly [isOn: boolean, rule: NetworkRule])[] = [
    [profile.temporaryCuts.probability > 0, new TemporaryCutRule(engine, partitions, profile.temporaryCuts)],
    [profile.clogs.probability > 0, new RandomClogRule(clogs, profile.clogs)],
    [profile.losses.probability > 0, new LossRule(profile.losses.probability)],
    [
      profile.connects.refusedProbability + profile.connects.hangsProbability > 0,
      new ConnectFaultRule(profile.connects),
    ],
    [profile.closes.probability > 0, new RandomCloseRule(engine, profile.closes)],
    [
      profile.vanishing.halfOpenProbability + profile.vanishing.blackHoleProbability > 0,
      new VanishingRule(profile.vanishing),
    ],
    [profile.bitFlips.probability > 0, new BitFlipRule(profile.bitFlips.probability)],
    [profile.shortTransfers.probability > 0, new ShortTransferRule('departure', profile.shortTransfers)],
    [profile.shortTransfers.probability > 0, new ShortTransferRule('arrival', profile.shortTransfers)],
  ];
  for (const [isOn, rule] of faults) if (isOn) conditions.addFault(rule);
}

function latencyRule(network: SimulatedNetwork, { delivery, localityLatency }: NetworkChaos): LatencyRule {
  return new LatencyRule((link) => {
    const distance = localityLatency.isOn ? network.distanceOf(link) : undefined;
    return distance === undefined ? delivery : localityLatency[distance];
  });
}

function pairLatencyRules({ pairLatency: { minMs, maxMs } }: NetworkChaos): readonly NetworkRule[] {
  return maxMs > 0 ? [new PairLatencyRule(minMs, maxMs)] : [];
}
