import type { ActorReference } from 'moonpool';

/** How long a player may think about a move, in milliseconds. The mode is part of the key of a lobby. */
export const CLOCKS = { blitz: 1_000, classic: 4_000 } as const;
export type Mode = keyof typeof CLOCKS;

/** The key of a lobby; those of its games are one item longer. */
export type LobbyKey = readonly [region: string, mode: Mode];
export type GameKey = readonly [region: string, mode: Mode, number: number];

/** How a game ended for one of its players. */
export type Result = 'won' | 'lost' | 'drawn';

/** What a game asks of its players. Telling it twice changes nothing. */
export interface Competitor {
  finished(wish: number, result: Result): Promise<void>;
}

/** What a game asks of the lobby that it comes from. */
export interface Organiser {
  closed(number: number): Promise<void>;
}

/** A player who wants to play. He counts his wishes, and each of them leads to one game at most. */
export interface Seat {
  readonly name: string;
  readonly wish: number;
  /** A reference is a value like others: it is forwarded and stored, and still leads to the player. */
  readonly player: ActorReference<Competitor>;
}

/** What a game begins with. */
export interface Pairing {
  readonly cross: Seat;
  readonly nought: Seat;
  readonly lobby: ActorReference<Organiser>;
}
