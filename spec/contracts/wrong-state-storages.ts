import type { StateStorage, StoredState } from 'moonpool/modules';
import { pause, type Bugs } from './wrong-engine';

const NOTHING: StoredState = {
  epoch: 0,
  version: 0,
  writeId: '',
  data: undefined,
  snapshot: undefined,
  lastEvent: 0,
  answers: 0,
};

const CLAIM_BUGS: Bugs<StateStorage> = {
  'the first claim finds nothing': (proper) => ({
    claim: async (actor) => ({ ...(await proper.claim(actor)), epoch: 1 }),
  }),
  'what was written is what every read': (proper) => ({
    read: async (actor) => ({ ...NOTHING, ...(await proper.read(actor)), writeId: '' }),
  }),
  'of an actor that never claimed': (proper) => ({ read: async (actor) => (await proper.read(actor)) ?? NOTHING }),
  'claims that are made at once': (proper) => {
    let last: ReturnType<StateStorage['claim']> | undefined;
    return { claim: (actor) => (last ??= proper.claim(actor).finally(() => setImmediate(() => (last = undefined)))) };
  },
  'whoever opens it once more sees what is there': () => ({}),
  'actors are distinguished': (proper) => ({
    claim: (actor) => proper.claim(actor.toLowerCase()),
    commit: (commit) => proper.commit({ ...commit, actor: commit.actor.toLowerCase() }),
    read: (actor) => proper.read(actor.toLowerCase()),
  }),
};

const COMMIT_BUGS: Bugs<StateStorage> = {
  'a commit writes all that it holds': (proper) => ({
    commit: (commit) => proper.commit({ ...commit, cancels: undefined }),
  }),
  'a stale epoch is fenced': (proper) => ({
    commit: async (commit) => proper.commit({ ...commit, epoch: (await proper.read(commit.actor))?.epoch ?? 0 }),
  }),
  'a stale epoch is fenced, even with the present version, and nothing': (proper) => ({
    commit: async (commit) => {
      const outcome = await proper.commit(commit);
      if (outcome.kind === 'fenced') await proper.deliver(commit.deliveries ?? []);
      return outcome;
    },
  }),
  'a commit without any claim': (proper) => ({
    commit: async (commit) => {
      if ((await proper.read(commit.actor)) === undefined) await proper.claim(commit.actor);
      return proper.commit(commit);
    },
  }),
  'a version that is not the present one': (proper) => ({
    commit: async (commit) => {
      const { version = 0 } = (await proper.read(commit.actor)) ?? {};
      return proper.commit(commit.version > version ? { ...commit, version } : commit);
    },
  }),
  'a version that is not the present one is a conflict, which names': (proper) => ({
    commit: async (commit) => {
      const outcome = await proper.commit(commit);
      const { deliveries } = await proper.deliveries({ limit: 100 });
      if (outcome.kind === 'conflict')
        for (const one of deliveries) if (commit.cancels?.includes(one.id) === true) await proper.settle(one);
      return outcome;
    },
  }),
  'a commit that is repeated': (proper) => ({
    commit: async (commit) => {
      const outcome = await proper.commit(commit);
      return outcome.kind === 'conflict' && outcome.version > 1 ? { ...outcome, writeId: '' } : outcome;
    },
  }),
  'of commits that are made at once': (proper) => ({
    commit: async (commit) => {
      const before = await proper.read(commit.actor);
      await pause();
      const outcome = await proper.commit(commit);
      return before?.version === commit.version && outcome.kind === 'conflict'
        ? { kind: 'accepted', version: commit.version + 1 }
        : outcome;
    },
  }),
  'states of which a commit says nothing': (proper) => ({
    commit: (commit) => proper.commit({ ...commit, data: commit.data ?? null }),
  }),
  'states that a commit clears': (proper) => ({
    commit: (commit) => proper.commit({ ...commit, data: commit.data ?? undefined }),
  }),
  'an actor that is deleted': (proper) => ({
    commit: ({ destroys, ...commit }) => proper.commit(destroys === true ? { ...commit, data: null } : { ...commit }),
  }),
  'what comes with a deletion': (proper) => ({
    commit: ({ events, ...commit }) => proper.commit(commit.destroys === true ? commit : { ...commit, events }),
  }),
  'bytes come back as they were': (proper) => ({
    commit: ({ data, ...commit }) =>
      proper.commit({ ...commit, data: data && Buffer.from(Buffer.from(data).toString('utf8')) }),
  }),
  'the buffers of a commit belong': (proper) => {
    const kept = new Map<string, Uint8Array>();
    return {
      commit: (commit) => {
        for (const { key, data } of commit.answers ?? []) kept.set(key, data);
        return proper.commit(commit);
      },
      answer: async (_actor, key) => kept.get(key),
    };
  },
};

const ANSWER_BUGS: Bugs<StateStorage> = {
  'an answer is remembered under its key': (proper) => ({
    answer: (actor, key) => proper.answer(actor, key.toLowerCase()),
  }),
  'an answer under a key that is known': (proper) => ({
    commit: async ({ answers = [], ...commit }) => {
      const known = await Promise.all(answers.map(({ key }) => proper.answer(commit.actor, key)));
      return proper.commit({ ...commit, answers: answers.filter((_, index) => known[index] === undefined) });
    },
  }),
  'the state says how many answers': (proper) => ({
    claim: async (actor) => {
      const state = await proper.claim(actor);
      return { ...state, answers: Math.min(state.answers, 1) };
    },
  }),
  'no more answers are kept': (proper) => ({
    commit: (commit) => proper.commit({ ...commit, keptAnswers: undefined }),
  }),
  'answers are forgotten when they are older': (proper) => ({
    forget: (forgetting) => proper.forget({ ...forgetting, answersOlderThanMs: -60_000 }),
  }),
  'answers are forgotten when they are older than the window, and no sooner, so many': (proper) => ({
    forget: (forgetting) => proper.forget({ ...forgetting, limit: 1_000 }),
  }),
  'what was forgotten does not count': (proper) => {
    let forgotten = 0;
    return {
      forget: async (forgetting) => {
        const count = await proper.forget(forgetting);
        forgotten += count;
        return count;
      },
      commit: ({ keptAnswers, ...commit }) =>
        proper.commit({ ...commit, keptAnswers: keptAnswers && Math.max(0, keptAnswers - forgotten) }),
    };
  },
};

const JOURNAL_BUGS: Bugs<StateStorage> = {
  'events are numbered from 1': (proper) => ({
    history: async (actor, from, limit) => {
      const { version = 0 } = (await proper.read(actor)) ?? {};
      const events = await proper.history(actor, from, limit);
      return events.map((event) => ({ ...event, number: event.number + (version > 2 ? 1 : 0) }));
    },
  }),
  'events are read in pages': (proper) => ({
    history: async (actor, from, limit) => (await proper.history(actor, 1, from + limit)).slice(from, from + limit),
  }),
  'an event tells when it was written': (proper) => ({
    history: async (actor, from, limit) =>
      (await proper.history(actor, from, limit)).map((event) => ({ ...event, at: 0 })),
  }),
  'the last snapshot comes': (proper) => ({
    claim: async (actor) => ({ ...(await proper.claim(actor)), snapshot: undefined }),
  }),
};

const LISTING_BUGS: Bugs<StateStorage> = {
  'actors are listed by the bytes': (proper) => ({
    list: async (query) => {
      const { actors, isLast } = await proper.list(query);
      return { actors: [...actors].sort((a, b) => (a.actor < b.actor ? -1 : 1)), isLast };
    },
  }),
  'actors are listed a page at a time': (proper) => ({
    list: async (query) => {
      const { actors } = await proper.list(query);
      return { actors, isLast: actors.length < query.limit };
    },
  }),
  'a prefix limits the list': (proper) => ({
    list: (query) => proper.list({ ...query, prefix: query.prefix.replace(/[_%]$/, '') }),
  }),
  'an actor of which nothing is stored': (proper) => {
    const claimed = new Set<string>();
    return {
      claim: (actor) => proper.claim((claimed.add(actor), actor)),
      list: async () => ({
        actors: [...claimed].sort().map((actor) => ({ actor, version: 0 })),
        isLast: true,
      }),
    };
  },
  'the list tells the present version': (proper) => ({
    list: async (query) => {
      const { actors, isLast } = await proper.list(query);
      return { actors: actors.map(({ actor }) => ({ actor, version: 1 })), isLast };
    },
  }),
  'actors are counted by prefix': (proper) => ({
    count: async (prefix) => (await proper.list({ prefix, limit: 5 })).actors.length,
  }),
};

/** As what turns texts into UTF-8 does, for which half a pair of surrogates is no character. */
const asUtf8 = (text: string): string => Buffer.from(text).toString();

const TEXT_BUGS: Bugs<StateStorage> = {
  'a text that cannot be stored as it is never stands': (proper) => ({
    history: (actor, from, limit) => proper.history(asUtf8(actor), from, limit),
  }),
  'texts that cannot be stored as they are do not become one': (proper) => ({
    claim: (actor) => proper.claim(asUtf8(actor)),
  }),
};

export const STATE_STORAGE_BUGS: Bugs<StateStorage> = {
  ...CLAIM_BUGS,
  ...COMMIT_BUGS,
  ...ANSWER_BUGS,
  ...JOURNAL_BUGS,
  ...LISTING_BUGS,
  ...TEXT_BUGS,
};
