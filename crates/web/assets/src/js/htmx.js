// htmx only makes links and forms smoother; every one of them works without it.
import htmx from 'htmx.org';

Object.assign(htmx.config, {
  // A page restored by "back" is fetched again: another person may have changed it.
  history: true,
  // The layouts switch the style sheet that htmx would inject off (see meta htmx-config);
  // ours has the rules.
  includeIndicatorCSS: false,
  transitions: false,
});

// htmx can compile strings (hx-on, js:, trigger filters). Our content policy forbids that and
// we never write them, so say so clearly instead of failing with a policy error.
function refuse() {
  throw new Error('Compiling text into code is switched off: write a module instead.');
}
htmx.registerExtension('no-eval', {
  init: (api) => api.initSecurity(null, refuse, refuse),
});

export default htmx;
