import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { isLong } from './long.ts'

const ARTIFACTS = join(import.meta.dirname, '../../../artifacts')
const WIDTHS = [1280, 390]
/** Pictures test nothing, and take time. */
export const arePicturesWanted = process.env.PICTURES === '1' || isLong

/**
 * Takes screenshots of a page, wide and narrow, light and dark, for people to look at: in the long tests, and with
 * `PICTURES=1`.
 *
 * @param name path below `artifacts/`, without width, mode and extension.
 * @param fullPage whether to include what is below the fold.
 */
export async function takePicture(page: Page, name: string, { fullPage = true } = {}): Promise<void> {
  if (!arePicturesWanted) return
  const size = page.viewportSize()
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 })
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    await page.screenshot({ path: join(ARTIFACTS, `${name}-${width}-dark.png`), fullPage })
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
    await page.screenshot({ path: join(ARTIFACTS, `${name}-${width}.png`), fullPage })
  }
  if (size) await page.setViewportSize(size)
}
