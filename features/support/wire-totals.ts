import { After } from '@cucumber/cucumber';
import { addWireTotals, countEvents } from '../../scripts/showcase/wire-totals';
import type { StepWorld } from '../../src/steps/step-world';

interface ShowcaseWorld {
  readonly brine?: StepWorld;
  readonly parameters: { readonly showcase?: boolean };
  attach(data: string, mediaType: string): void;
}

/** For `npm start`: what went over the wire in each scenario. It runs when everything is closed. */
After(function (this: ShowcaseWorld) {
  const { brine, parameters } = this;
  if (parameters.showcase !== true) return;
  const totals =
    brine?.opened === true
      ? countEvents(brine.world.trace.events, {
          listeners: brine.named('listener').all.length,
          programs: brine.named('command').all.length,
          proxies: brine.named('proxy').all.length,
        })
      : { ...addWireTotals([]), scenarios: 1 };
  this.attach(JSON.stringify(totals), 'application/x.brine.wire-totals+json');
});
