// A button that prints its page. It is hidden until here, because without script only the browser's own menu can do that.
document.addEventListener('click', (event) => {
  if (event.target.closest?.('[data-print]')) window.print();
});

export function start() {
  document.querySelectorAll('[data-print]').forEach((button) => { button.hidden = false; });
}
