// Enter that confirms a Japanese conversion must never send the form. Safari reports it as an
// ordinary Enter with the old key code 229 after the composition has already ended.
document.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.isComposing || event.keyCode === 229) && event.target.matches?.('input, select')) {
    event.preventDefault();
    event.stopPropagation();
  }
}, true);
