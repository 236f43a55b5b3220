import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { keepPicture } from './keep-picture.ts'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What keeps people out of a page as it stands: missing labels, weak contrast in the light or in the dark, … */
export async function barriersOn(page: Page): Promise<string[]> {
  await keepPicture(page)
  await page.addScriptTag({ path: AXE })
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const inTheLight = await page.evaluate<AxeResults>('axe.run()')
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  const inTheDark = await page.evaluate<AxeResults>("axe.run({ runOnly: ['color-contrast'] })")
  return [...inTheLight.violations, ...inTheDark.violations].flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id} on ${page.url()}: ${html}`),
  )
}
