import type { AccountBooks } from './durable-actors';

/** Where a node keeps what is durable. */
export type NodeStore =
  | { readonly engine: 'sqlite'; readonly file: string }
  | { readonly engine: 'postgres'; readonly connection: string; readonly durability: 'strict' | 'relaxed' };

/** What a client asks a node for; what changes something has a key, under which it may be asked for again. */
export type Change =
  | { readonly kind: 'enter' | 'tell'; readonly key: string; readonly account: string }
  | { readonly kind: 'alarm'; readonly key: string; readonly delayMs: number };

export type Question =
  | { readonly kind: 'books'; readonly account: string }
  | { readonly kind: 'heard'; readonly account: string }
  | { readonly kind: 'rings'; readonly key: string };

export type QuestionOf<Kind extends Question['kind']> = Extract<Question, { readonly kind: Kind }>;

/** What each question is answered with. */
export interface Answers {
  readonly books: AccountBooks;
  readonly heard: readonly string[];
  readonly rings: number;
}

/** An error as it comes from the process of a node. */
export interface ToldError {
  readonly code: string;
  readonly message: string;
}

export interface AskedOfNode {
  readonly id: number;
  readonly asked: Change | Question;
}

export type ToldByNode =
  | 'ready'
  | { readonly id: number; readonly answer: unknown }
  | ({ readonly id: number } & { readonly error: ToldError });
