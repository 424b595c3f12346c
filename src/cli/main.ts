#!/usr/bin/env node
import { processTerminal } from './print';
import { runBrine } from './program';

void runBrine(process.argv.slice(2), processTerminal()).then((exitCode) => {
  process.exitCode = exitCode;
});
