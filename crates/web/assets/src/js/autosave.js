// What is typed into a form with data-autosave="address" is kept on the server some moments later, for whichever page its
// writer opens next. Files go with a button, and until then stay where they are.
import { announce } from './announce.js';
import { save, show } from './drafts.js';

const PAUSE_MS = 4000;
const waiting = new WeakSet();
const texts = (form) => [...form.querySelectorAll('textarea[name]')];

async function send(form) {
  waiting.delete(form);
  const sent = texts(form).map((field) => [field, field.value]);
  const isSettled = sent.every(([field, value]) => value === field.defaultValue);
  if (isSettled || !form.isConnected || form.dataset.pending || form.dataset.outrun) return;
  const { csrf, draft_version: version, form_key: key } = form.elements;
  const body = new URLSearchParams([...sent.map(([field, value]) => [field.name, value]),
    ['csrf', csrf.value], ['draft_version', version.value], ['saved_in', key.value]]);
  // Without a line the tab keeps it.
  const answer = await fetch(form.dataset.autosave, { method: 'POST', body, headers: { accept: 'application/json' } }).catch(() => null);
  const said = await answer?.json().catch(() => null);
  if (!said) return;
  if (answer.ok) {
    version.value = said.version;
    sent.forEach(([field, value]) => { field.defaultValue = value; });
    save(form);
    form.querySelector('[data-draft-status]').textContent = said.text;
  } else if (said.gone) {
    // The unit is no longer its writer's: the text stays where it is, to be copied.
    form.dataset.outrun = 'true';
    form.querySelector('[data-draft-status]').textContent = said.gone;
    announce(said.gone);
  } else if (answer.status === 409) {
    // Another page was faster: from here on a person decides.
    form.dataset.outrun = 'true';
    show(form, '[data-draft-other]', said);
  }
}

document.addEventListener('input', (event) => {
  const form = event.target.form;
  if (!form?.dataset.autosave || !event.target.matches('textarea') || waiting.has(form)) return;
  waiting.add(form);
  setTimeout(send, PAUSE_MS, form);
});
