// Rows with several labels: the predictions of each of them are those of a detector, over the same instances.

import { predictionsFrom, readInstances } from './predictions.js';

export class Labels {
  constructor(predictions) {
    this.predictions = predictions;
    this.names = [...predictions.keys()];
  }

  // The label asked for; else the one with most errors.
  named(name) {
    return this.predictions.has(name) ? name : this.hardest();
  }

  hardest() {
    const wrong = this.names.map((name) => errors(this.predictions.get(name)));
    return this.names[wrong.indexOf(Math.max(...wrong))];
  }

  // Of one row: every label, what it is and what it was called, by the decision in force.
  of(i) {
    return this.names.map((name) => {
      const { actual, inForce } = this.predictions.get(name);
      return { name, actual: actual[i] === 1, called: inForce[i] === 1 };
    });
  }
}

function errors({ actual, inForce }) {
  return actual.reduce((sum, code, i) => sum + (code !== inForce[i] ? 1 : 0), 0);
}

export async function readLabels(data) {
  const instances = await readInstances(data);
  const found = await Promise.all(data.labels.map(async (one) => [one.label, await predictionsFrom(one, instances)]));
  const labels = new Labels(new Map(found));
  for (const predictions of labels.predictions.values()) predictions.labels = labels;
  return labels;
}
