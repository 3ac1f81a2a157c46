import { describeChains } from './chains';
import { describeErrors } from './errors';
import { describeFailures } from './failures';
import { describeLives } from './lives';
import { ProcessFleet } from './process-fleet';
import { describeTurns } from './turns';
import { describeValues } from './values';

describe('On three processes', () => {
  let started: ProcessFleet | undefined;
  const fleet = (): ProcessFleet => {
    if (started === undefined) throw new Error('The fleet is started before the first spec');
    return started;
  };

  before(async function () {
    this.timeout(30_000);
    started = await ProcessFleet.start();
  });
  after(async function () {
    this.timeout(30_000);
    await started?.stop();
  });

  describeErrors(fleet);
  describeValues(fleet);
  describeChains(fleet);
  describeTurns(fleet);
  describeLives(fleet);
  describeFailures(fleet);
});
