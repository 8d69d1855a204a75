// Rows with several labels: the answers on each of them are those of a detector, over the same instances.

import { answersFrom, readInstances } from './answers.js';

export class Labels {
  constructor(answers) {
    this.answers = answers;
    this.names = [...answers.keys()];
  }

  // The label asked for; else the one with most errors.
  named(name) {
    return this.answers.has(name) ? name : this.hardest();
  }

  hardest() {
    const wrong = this.names.map((name) => errors(this.answers.get(name)));
    return this.names[wrong.indexOf(Math.max(...wrong))];
  }

  // Of one row: every label, what it is and what it was called, by the decision in force.
  of(i) {
    return this.names.map((name) => {
      const { actual, inForce } = this.answers.get(name);
      return { name, actual: actual[i] === 1, called: inForce[i] === 1 };
    });
  }
}

function errors({ actual, inForce }) {
  return actual.reduce((sum, code, i) => sum + (code !== inForce[i] ? 1 : 0), 0);
}

export async function readLabels(data) {
  const instances = await readInstances(data);
  const found = await Promise.all(data.labels.map(async (one) => [one.label, await answersFrom(one, instances)]));
  const labels = new Labels(new Map(found));
  for (const answers of labels.answers.values()) answers.labels = labels;
  return labels;
}
