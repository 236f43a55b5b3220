import { takePicture } from '@tollgate/test-browser/picture'
import type { Page } from 'playwright-core'

const LONGEST_NAME = 80
const kept = new Set<string>()

/**
 * Keeps how a page looks, wide and narrow, for people to look at: files in `artifacts/console`, named by the page's
 * headings. A page that was there before with the same ones is not taken again.
 */
export async function keepPicture(page: Page): Promise<void> {
  await page.locator('.loading').first().waitFor({ state: 'detached' })
  const headings = (await page.locator('h1:visible, h2:visible').allInnerTexts())
    .filter(Boolean)
    .join(' ')
    .toLowerCase()
  const name =
    headings
      .match(/[a-z0-9]+/g)
      ?.join('-')
      .slice(0, LONGEST_NAME) ?? 'without-heading'
  if (kept.has(name)) return
  kept.add(name)
  // A dialog stands in the window, not on the whole length of the page.
  const fullPage = (await page.locator('dialog[open]').count()) === 0
  await takePicture(page, `console/${name}`, { fullPage })
}
