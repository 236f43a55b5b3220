import type { Page } from 'playwright-core'

/** Records layout shifts from the first paint on. A shift within half a second of a click or key does not count. */
const RECORDER = `
  window.layoutShift = 0
  window.layoutShifts = []
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue
      window.layoutShift += entry.value
      for (const { node } of entry.sources) window.layoutShifts.push((node?.className || node?.nodeName) + ' ' + entry.value.toFixed(3))
    }
  }).observe({ type: 'layout-shift', buffered: true })`

/** A shift below this is good. @see https://web.dev/articles/cls */
const GOOD = 0.05

/** The backend answers late, so that every state on the way to the page is painted. */
const ANSWER_MS = 150

const recorded = new WeakSet<Page>()

/**
 * Loads pages and returns those that move while they load (CLS), in the window's present size, each with how much and
 * what has moved.
 */
export async function unsteadyOf(page: Page, paths: readonly string[]): Promise<string[]> {
  if (!recorded.has(page)) {
    await page.addInitScript(RECORDER)
    await page.route('**/trpc/**', (route) => setTimeout(() => void route.continue(), ANSWER_MS))
    recorded.add(page)
  }
  const unsteady: string[] = []
  for (const path of paths) {
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.locator('.skeleton').first().waitFor({ state: 'detached' })
    await page.waitForLoadState('networkidle')
    const shift = await page.evaluate<number>('window.layoutShift')
    const moved = await page.evaluate<string[]>('window.layoutShifts')
    if (shift >= GOOD)
      unsteady.push(`${path} at ${page.viewportSize()?.width} px: ${shift.toFixed(3)}, ${moved.join(', ')}`)
  }
  return unsteady
}
