// Everything here is an extra: each page works with this file missing.
import './js/once.js'; // before htmx, so that its submit guard is asked first
import './js/ime.js';
import htmx from './js/htmx.js';
import './js/navigation.js';
import './js/keys.js';
import './js/menus.js';
import './js/time.js';
import './js/files.js';
import { start as startBoard } from './js/board.js';
import { start as startDrafts } from './js/drafts.js';
import { start as startPrint } from './js/print.js';
import { start as startTables } from './js/tables.js';

/** Runs at the first page and after every swap. */
function start() {
  startBoard();
  startDrafts();
  startPrint();
  startTables();
}
start();
htmx.on('htmx:after:swap', start);
