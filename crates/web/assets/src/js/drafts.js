// Text in a form with data-draft="name" survives a closed lid or a lost line: it is kept in this
// tab's own storage, never sent anywhere, and gone with the tab or at sign-out. Where the server keeps a draft
// (autosave.js), this holds only what it has not got yet, and says which draft it was typed upon.
const KEY = 'draft:';
const kept = 'input:not([type=hidden], [type=password], [type=file], [data-no-draft]), textarea, select';
const nameOf = (form) => KEY + form.dataset.draft;
const store = {
  get(name) { try { return JSON.parse(sessionStorage.getItem(name)); } catch { return null; } },
  // Storage can be full or forbidden; typing must go on all the same.
  set(name, value) { try { sessionStorage.setItem(name, JSON.stringify(value)); } catch { /* keep typing */ } },
};

const box = (control) => control.type === 'checkbox' || control.type === 'radio';
const untouched = (control) => (box(control) ? control.checked === control.defaultChecked
  : control.matches('select') ? [...control.options].every((option) => option.selected === option.defaultSelected) || !control.querySelector('[selected]') && control.selectedIndex === 0
    : control.value === control.defaultValue);
const controls = (form) => [...form.elements].filter((control) => control.name && control.matches(kept));

const baseOf = (form) => form.elements.draft_version?.value;

export function save(form) {
  const values = controls(form).filter((control) => !untouched(control))
    .map((control) => [control.name, box(control) ? control.value : null, box(control) ? control.checked : control.value]);
  store.set(nameOf(form), { values, base: baseOf(form) });
}

/** Shows a second text beside the form's own, with its memo. */
export function show(form, place, { text = '', memo = '' }) {
  const other = form.querySelector(place);
  if (!other) return;
  other.querySelector('[data-draft-text]').textContent = text;
  other.querySelector('[data-draft-memo]').textContent = memo;
  other.hidden = false;
}

/** Text typed upon a draft that another page has changed since: shown, never put in its place. */
function isOutrun(form, draft) {
  if (baseOf(form) === undefined || draft.base === baseOf(form)) return false;
  const typed = Object.fromEntries(draft.values.map(([name, , value]) => [name, value]));
  const differs = controls(form).some((control) => control.matches('textarea') && typed[control.name] && typed[control.name] !== control.value);
  if (differs) show(form, '[data-draft-unsaved]', { text: typed.result_text, memo: typed.memo });
  else sessionStorage.removeItem(nameOf(form));
  return true;
}

function restore(form) {
  const draft = store.get(nameOf(form));
  if (!draft || form.dataset.draftReady) return;
  // Sent, and the server did not send it back with errors: it has arrived.
  if (draft.sent) { sessionStorage.removeItem(nameOf(form)); return; }
  if (isOutrun(form, draft)) return;
  let changed = false;
  for (const [name, option, value] of draft.values) {
    const control = controls(form).find((one) => one.name === name && (option === null || one.value === option));
    if (!control || !untouched(control) || (box(control) ? control.checked : control.value) === value) continue;
    if (box(control)) control.checked = value; else control.value = value;
    changed = true;
  }
  const note = form.querySelector('[data-draft-note]');
  if (changed && note) note.hidden = false;
}

let timer;
document.addEventListener('input', (event) => {
  const form = event.target.form;
  if (!form?.dataset.draft) return;
  clearTimeout(timer);
  timer = setTimeout(save, 300, form);
});
document.addEventListener('click', (event) => {
  const form = event.target.closest?.('[data-draft-discard]')?.form;
  if (!form) return;
  clearTimeout(timer);
  sessionStorage.removeItem(nameOf(form));
  form.reset();
  form.querySelector('[data-draft-note]').hidden = true;
  form.querySelector(kept)?.focus();
});
document.addEventListener('submit', (event) => {
  const form = event.target;
  clearTimeout(timer);
  if (form.dataset.draft) { save(form); store.set(nameOf(form), { ...store.get(nameOf(form)), sent: true }); }
  if (form.hasAttribute('data-sign-out')) sessionStorage.clear();
});
// The line broke, or the server refused: what was "sent" is a draft again.
for (const trouble of ['htmx:error', 'htmx:response:error']) {
  document.addEventListener(trouble, (event) => {
    const form = event.detail.ctx?.request?.form;
    if (form?.dataset.draft) save(form);
  });
}

/** An error page (marked data-keep-drafts) means that nothing arrived. */
function keepAll() {
  for (const name of Object.keys(sessionStorage)) {
    const draft = name.startsWith(KEY) && store.get(name);
    if (draft?.sent) store.set(name, { values: draft.values, base: draft.base });
  }
}

export function start() {
  if (document.querySelector('[data-keep-drafts]')) keepAll();
  const kept = document.querySelector('[data-draft-kept]');
  if (kept && Object.keys(sessionStorage).some((name) => name.startsWith(KEY) && store.get(name)?.values?.length)) kept.hidden = false;
  document.querySelectorAll('form[data-draft]').forEach((form) => { restore(form); form.dataset.draftReady = 'true'; });
}
