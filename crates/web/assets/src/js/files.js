// Says what was chosen, and sends nothing that the server would refuse after a long upload.
import { announce } from './announce.js';

const MEGABYTE = 1_048_576;
const number = (value) => value.toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });
const size = (bytes) => (bytes < MEGABYTE ? `${number(Math.ceil(bytes / 1024))} KB` : `${number(bytes / MEGABYTE)} MB`);

/** Whether what is chosen is more than the form takes, all files together. */
const isTooMuch = (input) => {
  const limit = Number(input.dataset.maxBytes);
  return limit > 0 && [...input.files].reduce((sum, file) => sum + file.size, 0) > limit;
};

document.addEventListener('change', (event) => {
  const input = event.target;
  if (input.type !== 'file' || !input.dataset.hint) return;
  const hint = document.getElementById(input.dataset.hint);
  const large = isTooMuch(input);
  hint.textContent = [
    ...[...input.files].map((file) => `${file.name} (${size(file.size)})`),
    ...(large ? [input.dataset.tooLarge] : []),
  ].join(' / ');
  hint.classList.toggle('bad', large);
});

// Capture, and loaded before the guard against second presses: a form that stays here is not under way.
document.addEventListener('submit', (event) => {
  const large = [...event.target.querySelectorAll('input[type=file][data-max-bytes]')].find(isTooMuch);
  if (!large) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  large.focus();
  announce(large.dataset.tooLarge);
}, true);
