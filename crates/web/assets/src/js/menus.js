// <details> menus open by themselves; this adds what people expect of a menu: Escape and a
// press elsewhere close it, and focus goes back to where it came from.
const openMenus = () => document.querySelectorAll('details.menu[open]');

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  openMenus().forEach((menu) => {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector('summary').focus();
  });
  if (location.hash === '#menu') { location.hash = 'main'; document.querySelector('[data-menu-link]')?.focus(); }
});
document.addEventListener('click', (event) => openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
// Tabbing out must not leave a panel lying over what has focus now.
document.addEventListener('focusin', (event) => openMenus().forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; }));
