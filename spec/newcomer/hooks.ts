import { newcomer } from './newcomer';

/** For mocha's `--require`: what the newcomer made goes when all specs have run. */
export const mochaHooks = {
  afterAll(): void {
    newcomer.leave();
  },
};
