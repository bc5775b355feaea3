// Prints the stories of a Playwright report that failed, each with its reason.
// usage: node .ci/failures.mjs REPORT
import { readFileSync } from 'node:fs';

const { suites, errors } = JSON.parse(readFileSync(process.argv[2], 'utf8'));

/** The message's first lines, without colours. */
const reason = (error) => (error?.message ?? '').replace(/\x1b\[[0-9;]*m/g, '').split('\n').filter(Boolean).slice(0, 6).join(' | ');

const visit = (suite, titles = []) => {
  const inside = [...titles, suite.title].filter(Boolean);
  for (const spec of suite.specs ?? []) {
    if (spec.ok) continue;
    const tries = spec.tests.flatMap((test) => test.results);
    console.log(`${[...inside, spec.title].join(' > ')} (line ${spec.line}): ${reason(tries.at(-1)?.error)}`);
  }
  for (const inner of suite.suites ?? []) visit(inner, inside);
};

for (const suite of suites) visit(suite);
for (const error of errors) console.log(reason(error));
