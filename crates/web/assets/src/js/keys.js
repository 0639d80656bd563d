// Keys for things that also have a visible control. People can switch the one-letter keys off
// in the person menu (WCAG 2.1.4): speech input types letters by accident.
const typing = (element) => element.closest?.('input, select, textarea, [contenteditable]');
const lettersOn = () => document.documentElement.dataset.keys !== 'off';

function openSearch() {
  const input = document.getElementById('search-input');
  if (input?.offsetParent) { input.focus(); input.select(); } else document.querySelector('[data-search-link]')?.click();
}

/** Moves along the rows of a list marked data-list-keys. */
function step(direction) {
  const list = document.querySelector('[data-list-keys]');
  if (!list) return false;
  const stops = [...list.querySelectorAll('[data-list-stop]')].filter((stop) => stop.offsetParent);
  const now = stops.findIndex((stop) => stop === document.activeElement || stop.closest('li, tr')?.contains(document.activeElement));
  const next = stops[Math.min(Math.max(now + direction, 0), stops.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
  return Boolean(next);
}

const letters = {
  '/': () => (openSearch(), true),
  '?': () => (document.querySelector('[data-keys-link]')?.click(), true),
  j: () => step(1),
  k: () => step(-1),
};

document.addEventListener('keydown', (event) => {
  if (event.isComposing) return;
  if (event.key?.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    event.preventDefault();
    openSearch();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !lettersOn()) return;
  if (letters[event.key]?.()) { event.preventDefault(); return; }
  // A page may name a key on its own visible control: <button data-key="p">合格にする</button>
  const control = /^[a-z]$/.test(event.key) && document.querySelector(`[data-key="${event.key}"]`);
  if (control) { event.preventDefault(); control.focus(); if (!control.matches('[data-key-focus]')) control.click(); }
});
