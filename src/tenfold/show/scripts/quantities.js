// Brings the page of a run on quantities to life: without this script every table and figure is there, only still.

import { load } from './load.js';
import { QuantityView } from './quantityview.js';
import { TargetChooser } from './targetchooser.js';

const data = await load();
if (data?.quantity) window.tenfold = new QuantityView(data.quantity);
if (data?.targets) window.tenfoldTargets = new TargetChooser(data.targets);
