// Accessibility findings by axe-core, under the page's own content security policy.

import assert from 'node:assert/strict';

import axe from 'axe-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds on the page, one line per place. The page needs JavaScript to be on. */
export async function findings(page) {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (values) => window.axe.run(document, { runOnly: { type: 'tag', values }, resultTypes: ['violations'] }),
    RULES,
  );
  return violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map((node) => `${id} (${impact}): ${help}: ${node.target.join(' ')}`),
  );
}

/** Fails when axe finds anything. */
export async function assertAccessible(page) {
  assert.deepEqual(await findings(page), [], page.url());
}
