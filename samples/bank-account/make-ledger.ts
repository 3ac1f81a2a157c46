/**
 * Makes the ledger that ships with the sample: `node dist/samples/bank-account/make-ledger.js > samples/bank-account/ledger.csv`.
 * The same numbers come out each time.
 */
const TRANSFERS = 20_000;
const ACCOUNTS = 500;
/** Some accounts spend more than they have, so that refusals are played too. */
const MAX_AMOUNT = 120;

let state = 20_240_501;

/** A small linear congruential generator (Numerical Recipes): any fixed sequence will do here. */
function below(bound: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((state / 2 ** 32) * bound);
}

const nameOf = (account: number) => `A${String(account + 1).padStart(4, '0')}`;

const lines = ['id,from,to,amount'];
for (let number = 1; number <= TRANSFERS; number++) {
  const from = below(ACCOUNTS);
  const to = (from + 1 + below(ACCOUNTS - 1)) % ACCOUNTS;
  lines.push(`T${String(number).padStart(5, '0')},${nameOf(from)},${nameOf(to)},${1 + below(MAX_AMOUNT)}`);
}
process.stdout.write(`${lines.join('\n')}\n`);
