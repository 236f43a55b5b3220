import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What keeps people out of a page as it stands, light and dark: missing labels, weak contrast, … (WCAG 2.2 A and AA). */
export async function barriersOn(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE })
  const barriers: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    const { violations } = await page.evaluate<AxeResults>('axe.run()')
    for (const { id, nodes } of violations) {
      barriers.push(...nodes.map(({ html }) => `${page.url()} (${colorScheme}): ${id}: ${html}`))
    }
  }
  return barriers
}
