// Says what was chosen and warns before a long upload that the server would refuse anyway.
const megabytes = (bytes) => (bytes / 1_048_576).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });

document.addEventListener('change', (event) => {
  const input = event.target;
  if (input.type !== 'file' || !input.dataset.hint) return;
  const hint = document.getElementById(input.dataset.hint);
  const limit = Number(input.dataset.maxBytes);
  const chosen = [...input.files];
  const large = limit ? chosen.filter((file) => file.size > limit) : [];
  hint.textContent = [
    ...chosen.map((file) => `${file.name} (${megabytes(file.size)} MB)`),
    ...(large.length ? [input.dataset.tooLarge] : []),
  ].join(' / ');
  hint.classList.toggle('bad', large.length > 0);
});
