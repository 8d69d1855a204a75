// Brings the page of a run on quantities to life: without this script every table and figure is there, only still.

import { load } from './load.js';
import { QuantityView } from './quantityview.js';
import { TargetChooser } from './targetchooser.js';

const run = await load();
if (run?.quantity) window.tenfold = new QuantityView(run.quantity);
if (run?.targets) window.tenfoldTargets = new TargetChooser(run.targets);
