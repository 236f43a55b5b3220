import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { isLong } from './long.ts'

/** Path of the axe script. On a page that has loaded it, `axe.run()` returns the accessibility violations. */
export const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

export type Violations = AxeResults['violations']

/**
 * A script that runs axe. It returns only the violations: axe's other results are long and slow to transfer. It loads
 * no style sheets and media again (`preload`), because no rule that runs needs them.
 */
export function violations(options: string): string {
  return `axe.run({ resultTypes: ['violations'], preload: false, ${options} }).then(({ violations }) => violations)`
}

/**
 * Finds the accessibility violations of a page in its current state: missing labels, weak contrast, … In the long
 * tests, it looks for weak contrast in dark mode, too.
 *
 * @param page its content security policy must allow scripts (or use `bypassCSP`).
 * @returns one line per violation.
 */
export async function violationsOn(page: Page): Promise<string[]> {
  await page.waitForLoadState() // A page that is still arriving has no place for a script.
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.addScriptTag({ path: AXE })
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const found = await page.evaluate<Violations>(violations(''))
  if (isLong) {
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    found.push(...(await page.evaluate<Violations>(violations("runOnly: ['color-contrast']"))))
  }
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id} on ${page.url()}: ${html}`))
}
