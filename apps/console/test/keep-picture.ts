import { arePicturesWanted, takePicture } from '@tollgate/test-browser/picture'
import type { Page } from 'playwright-core'

const MAX_NAME_LENGTH = 80
const taken = new Set<string>()

/**
 * Takes screenshots of a page, wide and narrow, for people to look at: files in `artifacts/console`, named after the
 * page's headings. Pages with the same headings are taken only once.
 */
export async function keepPicture(page: Page): Promise<void> {
  await page.locator('.loading, [aria-busy="true"], .money-skeleton, .skeleton').first().waitFor({ state: 'detached' })
  if (!arePicturesWanted) return
  const words = (await headingsOn(page)).match(/[a-z0-9]+/g)
  const name = words?.join('-').slice(0, MAX_NAME_LENGTH) ?? 'without-heading'
  if (taken.has(name)) return
  taken.add(name)
  // A dialog covers the window, not the full length of the page.
  const fullPage = (await page.locator('.dialog:visible').count()) === 0
  await takePicture(page, `console/${name}`, { fullPage })
}

/** The headings of a page and of its dialog. */
export async function headingsOn(page: Page): Promise<string> {
  const all = await page.locator('h1:visible, h2:not(.admin-group *):visible').allInnerTexts()
  return all.filter(Boolean).join(' ').toLowerCase()
}
