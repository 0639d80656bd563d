// Everything here is an extra: each page works with this file missing.
import './js/files.js'; // before the submit guard, which is before htmx: each is asked in this order
import './js/once.js';
import './js/ime.js';
import htmx from './js/htmx.js';
import './js/navigation.js';
import './js/keys.js';
import './js/menus.js';
import './js/time.js';
import { start as startBoard } from './js/board.js';
import { start as startLive } from './js/live.js';
import { start as startDrafts } from './js/drafts.js';
import './js/autosave.js';
import { start as startPrint } from './js/print.js';
import { start as startPasswords } from './js/passwords.js';
import { start as startTables } from './js/tables.js';

/** Runs at the first page and after every swap. */
function start() {
  startBoard();
  startLive();
  startDrafts();
  startPrint();
  startPasswords();
  startTables();
}
start();
htmx.on('htmx:after:swap', start);
document.addEventListener('board:fresh', start);
