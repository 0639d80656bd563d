// "3分前" grows old on a page left open. The server's own wording stays until it would be wrong.
const STEPS = [['year', 31_536_000], ['month', 2_592_000], ['day', 86_400], ['hour', 3_600], ['minute', 60]];

function refresh() {
  const inWords = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: 'auto' });
  document.querySelectorAll('time[data-relative]').forEach((time) => {
    const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
    if (Number.isNaN(seconds)) return;
    const [unit, size] = STEPS.find(([, length]) => Math.abs(seconds) >= length) ?? ['minute', 60];
    const text = inWords.format(Math.trunc(seconds / size), unit);
    if (time.textContent !== text) time.textContent = text;
  });
}
setInterval(refresh, 60_000);
