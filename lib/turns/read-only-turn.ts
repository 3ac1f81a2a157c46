import { MoonpoolError } from '../errors/moonpool-error';
import type { Turn } from './turn';

/**
 * A handler that is declared `readOnly` changes nothing of its actor: its turn may overlap others of its kind, so nothing could say whose a change is, and what is
 * not written with the turn shows to later ones and may be lost. Asked by whatever changes something for a turn that is written whole.
 * @param turn the one under way. @param what it does, as in `calls persist() of the state 'balance'`. @throws MoonpoolError READ_ONLY_HANDLER
 */
export function refuseReadOnly(turn: Turn | undefined, what: string): void {
  if (turn?.mode === 'read-only' && turn.loop.durable.isGated)
    throw new MoonpoolError('READ_ONLY_HANDLER', { message: `${described(turn)} ${what}`, executed: 'yes' });
}

/**
 * What has changed the states cannot be told when several such turns were under way.
 * @param states that are not what they were when the last turn ended that may change them. @throws MoonpoolError READ_ONLY_HANDLER when there are some
 */
export function refuseChanged(turn: Turn, states: readonly string[]): void {
  if (states.length === 0) return;
  const changed = states.map((name) => `'${name}'`).join(', ');
  throw new MoonpoolError('READ_ONLY_HANDLER', {
    message: `${described(turn)} ended, and ${states.length === 1 ? 'the state' : 'the states'} ${changed} of its actor had changed since the last turn that may change it: it has done that, or another such handler beside it, or code that an earlier turn has left behind. The change was undone`,
    executed: 'yes',
  });
}

function described({ request, handler }: Turn): string {
  return `The handler ${handler.method} of ${request.target.path}, which is declared readOnly,`;
}
