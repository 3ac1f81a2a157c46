import { describeErrors } from './errors';
import { ProcessFleet } from './process-fleet';
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
  after(async () => {
    await started?.stop();
  });

  describeErrors(fleet);
  describeValues(fleet);
});
