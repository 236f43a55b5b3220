import { join } from 'node:path'
import type { Page } from 'playwright-core'

const FOLDER = join(import.meta.dirname, '../../../artifacts/stripe-sandbox')
const WIDTHS = [1280, 390]

/** Keeps how a page looks, wide and narrow: files in `artifacts/stripe-sandbox`, for people to look at. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
  const size = page.viewportSize()
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 })
    await page.screenshot({ path: join(FOLDER, `${name}-${width}.png`), fullPage: true })
  }
  if (size) await page.setViewportSize(size)
}
