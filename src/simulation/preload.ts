/**
 * Door `brine/simulated/preload`: puts the forwarding globals in place before anything else loads.
 *
 * `node --import brine/simulated/preload app.js` or `node -r brine/simulated/preload app.js`. Code
 * that captures `setTimeout` or `Date` when it loads then has virtual time in every simulated
 * world with `globals: 'installed'`, and real time everywhere else.
 */
import { installGlobals } from './globals';

installGlobals();
