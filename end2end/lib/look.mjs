// A page as people see it: on a desk and on a phone, by day and by night.

import { assertAccessible } from './axe.mjs';
import { DESKTOP, PHONE, assertNoSidewaysScroll, picture } from './browser.mjs';

/** Looks at the page that is open in every size and colour: readable, and nothing scrolls sideways. */
export async function look(page, name, script) {
  for (const [size, viewport] of [
    ['desktop', DESKTOP],
    ['phone', PHONE],
  ]) {
    await page.setViewportSize(viewport);
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme });
      await picture(page, `${name}-${size}-${colorScheme}`);
      if (script) await assertAccessible(page);
    }
    await assertNoSidewaysScroll(page);
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
