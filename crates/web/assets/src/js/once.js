// A second press while the first is under way is swallowed. The button keeps its words and is
// not disabled: a disabled button loses focus and its value.
import { announce, words } from './announce.js';

const PATIENCE_MS = 15_000; // a download or a lost line never reports back

function release(form) {
  delete form.dataset.pending;
  form.querySelectorAll('[aria-busy]').forEach((button) => button.removeAttribute('aria-busy'));
  const id = form.getAttribute('id');
  if (id) document.querySelectorAll(`[form="${CSS.escape(id)}"][aria-busy]`).forEach((button) => button.removeAttribute('aria-busy'));
}

// Capture: this has to come before htmx, which would otherwise queue the second submit.
document.addEventListener('submit', (event) => {
  const form = event.target;
  if (form.dataset.pending) {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  // getAttribute, because a field named "method" or "id" hides the form's own property.
  if (form.getAttribute('method')?.toLowerCase() !== 'post') return;
  form.dataset.pending = 'true';
  event.submitter?.setAttribute('aria-busy', 'true');
  announce(words('sending'));
  setTimeout(release, PATIENCE_MS, form);
}, true);

document.addEventListener('htmx:finally:request', (event) => {
  const form = event.detail.ctx.request.form ?? event.detail.ctx.sourceElement;
  if (form?.dataset?.pending) release(form);
});

// The back button may bring the page back exactly as it was left.
addEventListener('pageshow', () => document.querySelectorAll('form[data-pending]').forEach(release));
