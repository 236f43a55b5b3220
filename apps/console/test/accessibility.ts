import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import { keepPicture } from './keep-picture.ts'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What keeps people out of a page as it stands: missing labels, weak contrast in the light or in the dark, sideways scrolling, … */
export async function barriersOn(page: Page): Promise<string[]> {
  await keepPicture(page)
  await page.addScriptTag({ path: AXE })
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const inTheLight = await page.evaluate<AxeResults>('axe.run()')
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
  const inTheDark = await page.evaluate<AxeResults>("axe.run({ runOnly: ['color-contrast'] })")
  const violations = [...inTheLight.violations, ...inTheDark.violations].flatMap(({ id, nodes }) =>
    nodes.map(({ html }) => `${id} on ${page.url()}: ${html}`),
  )
  return [...violations, ...(await overflowOn(page))]
}

/** WCAG 1.4.10: at this width, which is a wide window at 400 %, nobody has to scroll sideways. */
const REFLOW_WIDTH = 320

async function overflowOn(page: Page): Promise<string[]> {
  const size = page.viewportSize()
  if (!size) return []
  await page.setViewportSize({ width: REFLOW_WIDTH, height: size.height })
  const width = await page.evaluate<number>('document.documentElement.scrollWidth')
  await page.setViewportSize(size)
  return width > REFLOW_WIDTH ? [`reflow on ${page.url()}: ${width} px wide in a window of ${REFLOW_WIDTH}`] : []
}
