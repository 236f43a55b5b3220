import { join } from 'node:path'
import type { Page } from 'playwright-core'

const ARTIFACTS = join(import.meta.dirname, '../../../artifacts')
const WIDTHS = [1280, 390]

/**
 * Keeps how a page looks, wide and narrow, in the light, for people to look at.
 *
 * @param name a file's, below `artifacts/`, without its ending.
 * @param fullPage also what one would have to scroll to.
 */
export async function takePicture(page: Page, name: string, { fullPage = true } = {}): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  const size = page.viewportSize()
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 })
    await page.screenshot({ path: join(ARTIFACTS, `${name}-${width}.png`), fullPage })
  }
  if (size) await page.setViewportSize(size)
}
