// Dragging a card is an extra for people with a mouse. Dropping fills in and sends the card's
// own "move" form, so the server sees exactly what the visible control would have sent.
let held = null;
const column = (event) => event.target.closest?.('[data-column]');
const clear = () => document.querySelectorAll('[data-over]').forEach((one) => one.removeAttribute('data-over'));

document.addEventListener('dragstart', (event) => {
  const card = event.target.closest?.('[data-card][draggable]');
  if (!card) return;
  held = card;
  card.dataset.dragging = 'true';
  event.dataTransfer.effectAllowed = 'move';
  event.dataTransfer.setData('text/plain', card.id);
});
document.addEventListener('dragover', (event) => {
  const over = held && column(event);
  if (!over) return;
  event.preventDefault();
  if (!over.hasAttribute('data-over')) { clear(); over.dataset.over = 'true'; }
});
document.addEventListener('drop', (event) => {
  const over = held && column(event);
  if (!over) return;
  event.preventDefault();
  const form = held.querySelector('form[data-move]');
  const select = form?.querySelector('select');
  if (!select || over.contains(held)) return;
  select.value = over.dataset.column;
  // A stage that is not on offer (a won deal, say) leaves the list empty: then nothing happens.
  if (select.value !== over.dataset.column) return;
  over.querySelector('[data-cards]')?.prepend(held);
  form.requestSubmit();
});
document.addEventListener('dragend', () => {
  held?.removeAttribute('data-dragging');
  held = null;
  clear();
});

/** Cards become draggable only where a script can answer the drop. */
export function start() {
  document.querySelectorAll('[data-card]').forEach((card) => {
    if (!card.querySelector('form[data-move]')) return;
    card.draggable = true;
    // A link is draggable by itself and would be dragged instead of its card.
    card.querySelectorAll('a').forEach((link) => { link.draggable = false; });
  });
}
