// Brings the page of a run on quantities to life: without this script every table and figure is there, only still.

import { load } from './load.js';
import { QuantityView, readQuantity } from './quantityview.js';
import { canUnpack } from './unpack.js';

const errorSizes = canUnpack() ? await load() : null;
if (errorSizes?.quantity) window.tenfold = new QuantityView(await readQuantity(errorSizes.quantity));
