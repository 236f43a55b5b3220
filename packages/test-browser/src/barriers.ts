import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

/** Where the script lies that knows the barriers; with it on a page, `axe.run()` says which there are. */
export const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/**
 * What keeps people out of a page as it stands: missing labels, weak contrast in the light or in the dark, …
 *
 * @param page its own policy must let scripts pass (`bypassCSP`); it is left in the dark.
 * @returns a line for each.
 */
export async function violationsOn(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE })
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const inTheLight = await page.evaluate<AxeResults>('axe.run()')
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  const inTheDark = await page.evaluate<AxeResults>("axe.run({ runOnly: ['color-contrast'] })")
  return [...inTheLight.violations, ...inTheDark.violations].flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id} on ${page.url()}: ${html}`),
  )
}
