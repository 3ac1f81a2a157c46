import { parseAddress } from '../identity/network-address';
import { checkedBy, duration, list, mandatory } from '../options/option-kind';
import { wrongOption } from '../options/option-mistake';
import { optionTable } from '../options/option-table';

/** The options of `gateways`. */
export interface GatewaysOptions {
  /** Where some nodes of the cluster listen: `host:port`. A name may stand for several nodes. Of two or more, one may be gone. */
  readonly addresses: readonly string[];
  /** How long one gateway is waited for before another is asked, in milliseconds. Default: 2,000. */
  readonly attemptMs?: number;
}

const WANTED = 'a list of at least one address';
const addresses = list(
  WANTED,
  checkedBy('an address', (value) => void parseAddress(value as string)),
);

export const GATEWAYS_OPTIONS = optionTable<GatewaysOptions>({
  addresses: mandatory({
    wanted: WANTED,
    mistakesIn: (value, place) =>
      Array.isArray(value) && value.length === 0
        ? [wrongOption(place, WANTED, value)]
        : addresses.mistakesIn(value, place),
  }),
  attemptMs: duration(1),
});
