// What others do on the board while it is being looked at. The server sends ids alone; the page is asked for once,
// and taken over only while nobody is busy with a card: what has focus never moves. Without a stream nothing is missing
// but the news.
import htmx from './htmx.js';
import { announce } from './announce.js';
import { isHeld } from './board.js';

// Everybody who looks at the board hears of a move at once; they need not all ask at once.
const PAUSE = () => 400 + Math.random() * 1200;
let stream = null;
let timer = null;
let news = new Map();
// The last change of each deal that the page shows or that was heard. A time alone does not say what is news: whoever
// began before the page was read may have committed after it.
let known = new Map();

const board = () => document.querySelector('[data-live]');
const isBusy = () => isHeld() || Boolean(board()?.contains(document.activeElement)
  || board()?.querySelector('details[open]') || document.querySelector('form[data-pending]'));
const told = (count) => board()?.dataset.news.replace('#', count) ?? '';

/** Shows that there is news, and how to see it. */
function offer() {
  const bar = document.getElementById('board-news');
  if (!bar) return;
  bar.hidden = news.size === 0;
  if (!news.size) return;
  bar.querySelector('span').textContent = told(news.size);
  announce(told(news.size));
}

async function refresh() {
  const ids = [...news.keys()];
  const response = await fetch(location.href, { headers: { Accept: 'text/html' } }).catch(() => null);
  if (!response?.ok) return offer();
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  const next = fresh.querySelector('[data-live]');
  if (!next) return offer();
  const busyNow = isBusy() && document.activeElement?.id !== 'board-refresh';
  if (busyNow) return offer();
  for (const part of ['.board-tabs', '[data-board-answer]']) {
    const old = document.querySelector(part);
    const its = fresh.querySelector(part);
    if (old && its) old.replaceWith(its);
  }
  board().replaceWith(next);
  learn();
  htmx.process(board());
  const count = news.size;
  news = new Map();
  ids.forEach((id) => document.getElementById(`deal-${id}`)?.setAttribute('data-changed', ''));
  offer();
  announce(told(count));
  document.dispatchEvent(new CustomEvent('board:fresh'));
}

/** What the board as it is now shows already. */
function learn() {
  for (const [deal, , at] of JSON.parse(board().dataset.known)) known.set(deal, at);
}

/** Of this page's columns, and not heard before. */
function heard(event) {
  const { deals } = JSON.parse(event.data);
  const here = board();
  const isNews = ([deal, , at]) => known.get(deal) !== at;
  for (const [deal, stage, at] of here ? deals.filter(isNews) : []) {
    known.set(deal, at);
    const shown = document.getElementById(`deal-${deal}`) || here.querySelector(`[data-column="${stage}"]`);
    if (shown) news.set(deal, at);
  }
  if (!news.size) return;
  clearTimeout(timer);
  timer = setTimeout(() => (isBusy() ? offer() : refresh()), PAUSE());
}

function stop() {
  stream?.close();
  stream = null;
  clearTimeout(timer);
}

document.addEventListener('click', (event) => {
  if (!event.target.closest?.('#board-refresh')) return;
  refresh().then(() => document.querySelector('h1')?.focus());
});
// A page that nobody sees needs no stream; coming back, it hears what it missed.
document.addEventListener('visibilitychange', () => (document.hidden ? stop() : start()));
addEventListener('pagehide', stop);

/** Listens while a board is shown. */
export function start() {
  stop();
  news = new Map();
  known = new Map();
  const here = board();
  if (!here || document.hidden || !window.EventSource) return;
  learn();
  stream = new EventSource(here.dataset.live);
  stream.addEventListener('changed', heard);
}
