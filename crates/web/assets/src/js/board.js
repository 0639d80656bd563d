// Dragging a card is an extra for people with a mouse. Dropping fills in and sends the card's own forms, so the server
// sees exactly what the visible controls would have sent. Alt with an arrow presses the buttons of the card in focus.
let held = null;
const column = (event) => event.target.closest?.('[data-column]');
const clear = () => document.querySelectorAll('[data-over], [data-under]').forEach((one) => {
  one.removeAttribute('data-over');
  one.removeAttribute('data-under');
});

/** Whether a card is being dragged right now. */
export const isHeld = () => held !== null;

document.addEventListener('dragstart', (event) => {
  const card = event.target.closest?.('[data-card][draggable]');
  if (!card) return;
  held = card;
  card.dataset.dragging = 'true';
  event.dataTransfer.effectAllowed = 'move';
  event.dataTransfer.setData('text/plain', card.id);
});

/** The card that the held one would stand under: nothing means on top. */
function cardAbove(over, event) {
  const cards = [...over.querySelectorAll('[data-card]')].filter((card) => card !== held);
  return cards.filter((card) => {
    const box = card.getBoundingClientRect();
    return event.clientY > box.top + box.height / 2;
  }).at(-1);
}

document.addEventListener('dragover', (event) => {
  const over = held && column(event);
  if (!over) return;
  event.preventDefault();
  clear();
  over.dataset.over = 'true';
  cardAbove(over, event)?.setAttribute('data-under', '');
});
document.addEventListener('drop', (event) => {
  const over = held && column(event);
  if (!over) return;
  event.preventDefault();
  const above = cardAbove(over, event);
  const home = over.contains(held);
  const form = held.querySelector(home ? 'form[data-reorder]' : 'form[data-move]');
  if (!form || (home && held.previousElementSibling === (above ?? null))) return;
  const select = form.querySelector('select');
  if (select) {
    select.value = over.dataset.column;
    // A stage that is not on offer (a won deal, say) leaves the list empty: then nothing happens.
    if (select.value !== over.dataset.column) return;
  }
  form.elements.after.value = above?.dataset.card ?? '';
  if (above) above.after(held); else over.querySelector('[data-cards]')?.prepend(held);
  form.requestSubmit();
});
document.addEventListener('dragend', () => {
  held?.removeAttribute('data-dragging');
  held = null;
  clear();
});

const ways = { ArrowUp: 'up', ArrowDown: 'down' };
document.addEventListener('keydown', (event) => {
  const card = event.altKey && !event.ctrlKey && !event.metaKey && event.target.closest?.('[data-card]');
  const button = card && ways[event.key] && card.querySelector(`form[data-reorder] button[value="${ways[event.key]}"]`);
  if (!button) return;
  event.preventDefault();
  button.form.requestSubmit(button);
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
