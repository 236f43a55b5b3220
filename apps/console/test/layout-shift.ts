import type { Page } from 'playwright-core'

/** Records layout shifts from the first paint on. A shift within half a second of a click or key does not count. */
const RECORDER = `
  window.layoutShift = 0
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.layoutShift += entry.value
  }).observe({ type: 'layout-shift', buffered: true })`

/**
 * How much each page moves while it loads (CLS), in the window's present size.
 *
 * @see https://web.dev/articles/cls
 */
export async function layoutShiftOf(page: Page, paths: readonly string[]): Promise<Record<string, number>> {
  await page.addInitScript(RECORDER)
  const shifts: Record<string, number> = {}
  for (const path of paths) {
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.locator('.skeleton').first().waitFor({ state: 'detached' })
    await page.waitForLoadState('networkidle')
    shifts[path] = await page.evaluate<number>('window.layoutShift')
  }
  return shifts
}
