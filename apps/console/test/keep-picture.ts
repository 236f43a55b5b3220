import { join } from 'node:path'
import type { Page } from 'playwright-core'

const FOLDER = join(import.meta.dirname, '../../../artifacts/console')
const WIDTHS = [1280, 390]
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
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  // A dialog stands in the window, not on the whole length of the page.
  const fullPage = (await page.locator('dialog[open]').count()) === 0
  const size = page.viewportSize()
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 })
    await page.screenshot({ path: join(FOLDER, `${name}-${width}.png`), fullPage })
  }
  if (size) await page.setViewportSize(size)
}
