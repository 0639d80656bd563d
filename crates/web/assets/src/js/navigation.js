// What a full page load does by itself and a swapped page does not: move the reader to the
// new heading, keep the place after a small action, notice a new version of the program.
import { announce, words } from './announce.js';

const isPage = (ctx) => ctx.target === document.body;
const samePath = (url) => new URL(url, location.href).pathname === location.pathname;
let place = null;

/** The nearest thing with a name, so that focus can return to it in the new copy. */
function currentPlace() {
  const active = document.activeElement;
  if (!active || active === document.body) return [];
  const ids = [];
  for (let at = active; at && at.id !== 'main'; at = at.parentElement) if (at.id) ids.push(at.id);
  return ids;
}

document.addEventListener('htmx:before:response', (event) => {
  const { ctx } = event.detail;
  const kind = ctx.response.headers.get('content-type') ?? '';
  const file = /attachment/.test(ctx.response.headers.get('content-disposition') ?? '');
  if (kind.startsWith('text/html') && !file) return;
  // A file or a bare message: let the browser handle it in its own way.
  event.preventDefault();
  if (ctx.request.method === 'GET') location.assign(ctx.request.action);
  else announce(words('failed'));
});

document.addEventListener('htmx:after:request', (event) => {
  const { ctx } = event.detail;
  if (!isPage(ctx)) return;
  const acted = ctx.request.method !== 'GET';
  // A refused form keeps the address of its page, so that reload and back still work.
  if (acted && ctx.response.status >= 400) ctx.push = 'false';
  // An action that leads back to the same page must not throw the reader to the top.
  place = acted && ctx.response.status < 400 && samePath(ctx.response.raw.url) ? currentPlace() : null;
  if (place) {
    ctx.swap = 'outerSync show:none';
    ctx.replace = 'true'; // and "back" must not have to pass through every copy of it
  }
});

document.addEventListener('htmx:before:swap', (event) => {
  const { ctx, tasks } = event.detail;
  if (!isPage(ctx)) return;
  // Style, script, language and theme live outside the body. When they changed, load the page whole.
  const next = tasks[0]?.fragment?.querySelector?.('body')?.dataset.build;
  const arrived = ctx.request.method === 'GET' || ctx.response.raw.redirected;
  if (next && next !== document.body.dataset.build && arrived) {
    event.preventDefault();
    location.assign(ctx.response.raw.url);
  }
});

document.addEventListener('htmx:after:swap', (event) => {
  if (!isPage(event.detail.ctx)) return;
  const flash = document.querySelector('[data-flash]');
  const back = place?.map((id) => document.getElementById(id)).find(Boolean);
  const anchor = location.hash && document.getElementById(location.hash.slice(1));
  const goal = document.querySelector('[data-error-summary]') || back || anchor || document.querySelector('h1');
  place = null;
  if (goal) {
    const able = goal.matches('a, button, input, select, textarea, summary, [tabindex]') ? goal : goal.querySelector('a, button, summary, [tabindex]');
    // What had the focus before may lie below the page's end or under the bar at its foot now.
    (able ?? goal).focus({ preventScroll: goal !== back && !goal.matches('[data-error-summary]') });
  }
  announce(flash ? flash.textContent : '');
});

// Nothing typed is lost: the page stays as it is, and says so. A form with a key may have arrived all the same, and
// may be pressed again.
document.addEventListener('htmx:error', (event) => {
  const once = event.detail?.ctx?.request?.form?.querySelector?.('input[name="form_key"]');
  const failed = document.getElementById(once ? 'failed-once' : 'failed');
  if (failed) failed.hidden = false;
  announce(words(once ? 'failedOnce' : 'failed'));
});
document.addEventListener('htmx:before:request', () => {
  document.querySelectorAll('#failed, #failed-once').forEach((failed) => { failed.hidden = true; });
});

// A full load that brought errors starts at their list, as after a swap.
document.querySelector('[data-error-summary]')?.focus();
