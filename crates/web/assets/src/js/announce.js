// One polite live region for the whole stay. Screen readers miss a region that arrives
// together with its text, so it is kept over page swaps (hx-preserve) and filled a moment later.
const region = () => document.getElementById('live');

export function announce(text) {
  const live = region();
  if (!live || !text) return;
  live.textContent = '';
  setTimeout(() => { live.textContent = text.replace(/\s+/g, ' ').trim(); }, 120);
}

/** Words come from the page's own language: <div id="live" data-say-failed="…">. */
export const words = (name) => region()?.dataset[`say${name[0].toUpperCase()}${name.slice(1)}`] ?? '';
