import { violationsOn } from '@tollgate/test-browser/accessibility'
import { isLong } from '@tollgate/test-browser/long'
import type { Page } from 'playwright-core'
import { headingsOn, keepPicture } from './keep-picture.ts'

const checked = new Set<string>()

/**
 * Accessibility problems of a page in its current state: missing labels, weak contrast, sideways scrolling, … In
 * `npm test`, each page and each dialog is checked once; in the long tests, in each of its states.
 */
export async function problemsOn(page: Page): Promise<string[]> {
  await page.locator('h1').first().waitFor({ state: 'attached' }) // a page that has just been opened is still empty
  await keepPicture(page)
  const name = `${new URL(page.url()).pathname} ${await headingsOn(page)}`
  if (checked.has(name) && !isLong) return []
  checked.add(name)
  return [...(await violationsOn(page)), ...(await overflowOn(page))]
}

/** WCAG 1.4.10: at this width (a wide window at 400% zoom), a page must not need sideways scrolling. */
const REFLOW_WIDTH = 320

async function overflowOn(page: Page): Promise<string[]> {
  const size = page.viewportSize()
  if (!size) return []
  await page.setViewportSize({ width: REFLOW_WIDTH, height: size.height })
  const width = await page.evaluate<number>('document.documentElement.scrollWidth')
  await page.setViewportSize(size)
  return width > REFLOW_WIDTH ? [`reflow on ${page.url()}: ${width} px wide in a window of ${REFLOW_WIDTH}`] : []
}
