// A password typed unseen on a small keyboard is typed wrong: one button shows what stands in the form's fields, and
// hides it again. Before the form is sent they are passwords again, so that no browser keeps them as text.
import { words } from './announce.js';

const hidden = (form) => form.querySelectorAll('input[data-password]');

function show(form, button, shown) {
  hidden(form).forEach((input) => { input.type = shown ? 'text' : 'password'; });
  button.setAttribute('aria-pressed', String(shown));
}

/** Every form with a password gets the button; without this file there is none. */
export function start() {
  document.querySelectorAll('form').forEach((form) => {
    const inputs = form.querySelectorAll('input[type=password]');
    if (!inputs.length || form.dataset.shows) return;
    form.dataset.shows = 'true';
    inputs.forEach((input) => { input.dataset.password = 'true'; });
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'button button--text button--small';
    button.textContent = words('showPassword');
    button.addEventListener('click', () => show(form, button, button.getAttribute('aria-pressed') !== 'true'));
    form.addEventListener('submit', () => show(form, button, false));
    show(form, button, false);
    inputs[inputs.length - 1].closest('.field').append(button);
  });
}
