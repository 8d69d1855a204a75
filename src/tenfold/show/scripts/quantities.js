// Brings the page of a run on quantities to life: without this script every table and figure is there, only still.

import { load } from './load.js';
import { QuantityView } from './quantityview.js';

const stops = await load();
if (stops?.quantity) window.tenfold = new QuantityView(stops.quantity);
