// The link in a table row is the real control; a press anywhere else in the row follows it.
document.addEventListener('click', (event) => {
  const row = event.target.closest?.('tr');
  const link = row?.querySelector('[data-row-link]');
  if (!link || event.target.closest('a, button, input, label, select, summary, form') || String(getSelection())) return;
  if (event.ctrlKey || event.metaKey) open(link.href, '_blank', 'noopener');
  else link.click();
});

// A head that stays in view needs a frame that does not scroll, and only measuring tells
// whether the table fits. Without this file the frame simply scrolls.
const fit = (wrap) => {
  const fits = wrap.querySelector('table').offsetWidth <= wrap.clientWidth;
  wrap.toggleAttribute('data-fits', fits);
  // A table wider than its frame is scrolled there, by the keyboard too: at the largest text nothing may be out of reach.
  const frame = { tabindex: '0', role: 'region', 'aria-label': wrap.querySelector('caption').textContent };
  Object.entries(frame).forEach(([name, value]) => (fits ? wrap.removeAttribute(name) : wrap.setAttribute(name, value)));
};
const watch = new ResizeObserver((entries) => entries.forEach((entry) => fit(entry.target)));

export function start() {
  watch.disconnect();
  document.querySelectorAll('.table-wrap:not(.table-wrap--wide)').forEach((wrap) => watch.observe(wrap));
}
