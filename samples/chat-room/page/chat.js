'use strict';

/** A node that cannot be reached is given up after this, in milliseconds. */
const CONNECT_LIMIT_MS = 4_000;
/** The gateway says something at least every 4 seconds; a connection that is silent for longer than this is dead. */
const SILENCE_LIMIT_MS = 10_000;
const FIRST_WAIT_MS = 200;
const LONGEST_WAIT_MS = 3_000;
/** Messages that are on their way at a time; the gateway takes some more. */
const SENDING_LIMIT = 8;
/** Lines that the page shows; the oldest go first. */
const SHOWN_LIMIT = 500;
/** Lines of one person that come within this are shown as one contribution, in milliseconds. */
const CONTRIBUTION_MS = 5 * 60_000;

const element = (id) => document.getElementById(id);
const log = element('log');
const nameInput = element('name');
const textInput = element('text');

const room = decodeURIComponent(location.hash.slice(1)) || 'lobby';
/** Begins the ids of all messages of this tab, so that it knows its own again after it was loaded anew. */
const tab = (sessionStorage.tab ??= randomText(8));

/** What was sent and is not yet known to be said, by id, in order; it is sent again on each connection. */
const outbox = new Map();
let name = '';
let seen = 0;
let gateways = [location.origin];
let gateway = 0;
let failures = 0;
let socket;
/** True while this connection may say things. */
let isJoined = false;
/** True once the room has told of itself: it has let this tab in. */
let isIn = false;
/** The node whose gateway this tab is at. */
let nodeOfTab = '';
/** True while the end of the log is in view. */
let isDown = true;
let silence;
let retry;

element('room').textContent = `# ${room}`;
document.title = `${room} · Moonpool chat`;
nameInput.value = sessionStorage.name ?? '';

function randomText(bytes) {
  return Array.from(crypto.getRandomValues(new Uint8Array(bytes)), (byte) => byte.toString(16).padStart(2, '0')).join(
    '',
  );
}

// The connection

function connect() {
  clearTimeout(retry);
  showState('waiting', failures === 0 ? 'Connecting…' : 'Reconnecting…');
  const opened = new WebSocket(`${gateways[gateway].replace(/^http/, 'ws')}/chat`);
  socket = opened;
  expectFrame(CONNECT_LIMIT_MS);
  opened.addEventListener('open', () => opened.send(JSON.stringify({ kind: 'join', room, name, after: seen })));
  opened.addEventListener('message', ({ data }) => {
    // What comes from a connection that was given up comes again on the next.
    if (socket !== opened) return;
    expectFrame(SILENCE_LIMIT_MS);
    receive(JSON.parse(data));
  });
  opened.addEventListener('close', () => {
    if (socket === opened) lose();
  });
}

function expectFrame(limitMs) {
  clearTimeout(silence);
  silence = setTimeout(lose, limitMs);
}

/** The connection is no more, or is as good as that: on to the next node. */
function lose() {
  clearTimeout(silence);
  if (socket === undefined) return;
  const lost = socket;
  socket = undefined;
  lost.close();
  isJoined = false;
  if (name === '') return;
  gateway = (gateway + 1) % gateways.length;
  // The other node is asked at once; only when all have failed there is a pause.
  const rounds = Math.floor(failures++ / gateways.length);
  const waitMs = rounds === 0 ? 0 : Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** rounds);
  showState('waiting', rounds < 2 ? 'Reconnecting…' : 'Reconnecting… no node answers');
  // Not all tabs of a dead node come at the same moment.
  retry = setTimeout(connect, waitMs + Math.random() * 200);
}

function receive(frame) {
  if (frame.kind === 'welcome') {
    const current = gateways[gateway];
    gateways = frame.gateways.includes(current) ? frame.gateways : [current, ...frame.gateways];
    gateway = gateways.indexOf(current);
    enter(frame.node);
  } else if (frame.kind === 'lines') showLines(frame.lines);
  else if (frame.kind === 'news') showNews(frame);
  else if (frame.kind === 'away') showState('waiting', 'Waiting for the room…');
  else if (frame.kind === 'said') settle(frame.id);
  else if (frame.kind === 'missed') showMissed(frame);
  else if (frame.kind === 'anew') beginAnew();
  else if (frame.kind === 'refused') refused(frame);
}

function refused({ id, reason, message }) {
  const sent = outbox.get(id);
  if (sent !== undefined) fail(sent, reason, message);
  else if (id === undefined && !isIn) leave(message);
  else element('trouble').textContent = message;
}

// Entering and leaving

element('join').addEventListener('submit', (event) => {
  event.preventDefault();
  name = nameInput.value.trim();
  if (name === '') {
    element('join-trouble').textContent = 'A name must not be blank.';
    return;
  }
  element('join-trouble').textContent = '';
  sessionStorage.name = name;
  failures = 0;
  connect();
});

function enter(node) {
  isJoined = true;
  failures = 0;
  nodeOfTab = node;
  showState('waiting', 'Waiting for the room…');
  element('trouble').textContent = '';
  if (element('chat').hidden) {
    element('entrance').hidden = true;
    element('chat').hidden = false;
    textInput.focus();
    // Nobody wants the whole history read out.
    log.setAttribute('aria-live', 'off');
    setTimeout(() => log.setAttribute('aria-live', 'polite'), 1_500);
  }
  for (const sent of outbox.values()) sent.isSent = false;
  sendSome();
}

function leave(message) {
  name = '';
  lose();
  element('chat').hidden = true;
  element('entrance').hidden = false;
  element('join-trouble').textContent = message;
  showState('out', 'Not connected');
  nameInput.focus();
}

function beginAnew() {
  seen = 0;
  for (const item of [...log.children])
    if (!item.classList.contains('pending') && !item.classList.contains('failed')) item.remove();
  for (const sent of outbox.values()) sent.seen = 0;
}

// Saying

element('say').addEventListener('submit', (event) => {
  event.preventDefault();
  const text = textInput.value.trim();
  if (text === '') return;
  textInput.value = '';
  onTyped();
  say(text);
  textInput.focus();
});

textInput.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  element('say').requestSubmit();
});
textInput.addEventListener('input', onTyped);

function onTyped() {
  const left = textInput.maxLength - textInput.value.length;
  element('left').textContent = left < 100 ? `${left} characters left` : '';
  textInput.rows = Math.min(5, textInput.value.split('\n').length);
  element('trouble').textContent = '';
}

function say(text) {
  const id = `${tab}-${randomText(8)}`;
  const item = messageItem({ id, from: name, text, saidAt: Date.now() });
  item.classList.add('pending');
  const fate = document.createElement('div');
  fate.className = 'fate';
  fate.textContent = 'Sending…';
  item.append(fate);
  log.append(item);
  scrollDown();
  outbox.set(id, { id, text, seen, item, fate, isSent: false });
  sendSome();
}

function sendSome() {
  if (!isJoined) return;
  let sending = [...outbox.values()].filter(({ isSent }) => isSent).length;
  for (const sent of outbox.values()) {
    if (sending >= SENDING_LIMIT) return;
    if (sent.isSent) continue;
    sent.isSent = true;
    sending++;
    socket.send(JSON.stringify({ kind: 'say', id: sent.id, text: sent.text, seen: sent.seen }));
  }
}

/** The message is in the history; its line comes by itself. */
function settle(id) {
  const sent = outbox.get(id);
  if (sent === undefined) return;
  outbox.delete(id);
  sent.fate.remove();
  sendSome();
}

function fail(sent, reason, message) {
  outbox.delete(sent.id);
  sent.item.className = 'message mine failed';
  sent.item.removeAttribute('data-id');
  // What breaks a rule breaks it again, so it is given back to be changed.
  const again =
    reason === 'invalid' ? fateButton('Edit', () => edit(sent.text)) : fateButton('Send again', () => say(sent.text));
  const drop = fateButton('Discard', () => textInput.focus());
  sent.fate.replaceChildren('Not sent', again, drop);
  element('trouble').textContent = `Not sent: ${message}`;
  keepDown();
  sendSome();

  function fateButton(label, act) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.addEventListener('click', () => {
      sent.item.remove();
      element('trouble').textContent = '';
      act();
    });
    return button;
  }
}

function edit(text) {
  textInput.value = text;
  onTyped();
  textInput.focus();
}

// Showing

function showLines(lines) {
  for (const line of lines) {
    // A gap cannot come; what comes twice would, after a reconnection that crossed a line on its way.
    if (line.number <= seen) continue;
    seen = line.number;
    showLine(line);
  }
  while (log.childElementCount > SHOWN_LIMIT) log.firstElementChild.remove();
  keepDown();
}

function showLine(line) {
  settle(line.id);
  const firstPending = log.querySelector('.pending');
  const known = log.querySelector(`.pending[data-id="${CSS.escape(line.id)}"]`);
  const item = messageItem(line);
  // What was just typed stays where it is, so that it is not read out twice.
  if (known !== null && known === firstPending) {
    known.className = item.className;
    known.replaceChildren(...item.children);
    group(known);
    return;
  }
  known?.remove();
  log.insertBefore(item, log.querySelector('.pending'));
  group(item);
}

/** All text of others gets into the page by textContent alone. */
function messageItem({ id, from, text, saidAt }) {
  const item = document.createElement('div');
  item.className = id.startsWith(`${tab}-`) ? 'message mine' : 'message';
  item.dataset.id = id;
  item.dataset.from = from;
  item.dataset.saidAt = String(saidAt);
  const who = document.createElement('div');
  who.className = 'who';
  const author = document.createElement('b');
  author.dir = 'auto';
  author.textContent = from;
  const time = document.createElement('time');
  const date = new Date(saidAt);
  time.dateTime = date.toISOString();
  const isToday = date.toDateString() === new Date().toDateString();
  time.textContent = isToday
    ? date.toLocaleTimeString([], { timeStyle: 'short' })
    : date.toLocaleString([], { dateStyle: 'medium', timeStyle: 'short' });
  who.append(author, time);
  const what = document.createElement('div');
  what.className = 'what';
  what.dir = 'auto';
  what.textContent = text;
  item.append(who, what);
  return item;
}

function group(item) {
  const before = item.previousElementSibling;
  const isSame =
    before?.dataset.from === item.dataset.from && before.classList.contains('mine') === item.classList.contains('mine');
  item.classList.toggle(
    'follows',
    isSame && Number(item.dataset.saidAt) - Number(before.dataset.saidAt) < CONTRIBUTION_MS,
  );
}

function showMissed({ first, last }) {
  seen = Math.max(seen, last);
  const note = document.createElement('p');
  note.className = 'note';
  note.textContent =
    first === 1
      ? 'Earlier messages are kept no more.'
      : `${last - first + 1} messages were said while you were away, and are kept no more.`;
  log.insertBefore(note, log.querySelector('.pending'));
}

function showNews({ node, present }) {
  isIn = true;
  showState('connected', `Connected to ${nodeOfTab}`);
  element('places').textContent = `lives on ${node}`;
  element('count').textContent = `(${present.length})`;
  element('present').replaceChildren(
    ...present.map((who) => {
      const item = document.createElement('li');
      item.dir = 'auto';
      item.textContent = who;
      item.className = who === name ? 'self' : '';
      return item;
    }),
  );
}

function showState(state, text) {
  const shown = element('state');
  shown.dataset.state = state;
  if (shown.textContent !== text) shown.textContent = text;
}

/** Who reads the end of the log goes on doing so; who reads further up stays there, and is told that there is more. */
function keepDown() {
  if (isDown) scrollDown();
  else element('newer').hidden = false;
}

function scrollDown() {
  log.scrollTop = log.scrollHeight;
  element('newer').hidden = true;
}

log.addEventListener('scroll', () => {
  isDown = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  if (isDown) element('newer').hidden = true;
});
new ResizeObserver(() => isDown && scrollDown()).observe(log);
element('newer').addEventListener('click', () => {
  scrollDown();
  textInput.focus();
});

addEventListener('hashchange', () => location.reload());
addEventListener('online', () => {
  if (socket === undefined && name !== '') connect();
});
addEventListener('beforeunload', (event) => {
  if (outbox.size > 0) event.preventDefault();
});
