import { isLong } from '@tollgate/test-browser/long'
import type { Page, Request } from 'playwright-core'
import { expect } from 'vitest'

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

/** A page is complete when no request has been open for this long. Playwright's "networkidle" takes 500 ms. */
const QUIET_MS = 120

const PATIENCE = { interval: 20, timeout: 60_000 }

/** Requests without an answer, and when one last began or ended. */
interface Traffic {
  open: Set<Request>
  changedAt: number
}

/** Of each page that records its shifts. */
const recorded = new WeakMap<Page, Traffic>()

/** The widths of a phone and of a wide window, in pixels. */
const WIDTHS = [390, 1280]

/**
 * Loads pages and returns those that move while they load (CLS), each with how much and what has moved. `npm test` loads
 * the first three, on a phone. The long tests load all of them, in a wide window, too.
 */
export async function unsteadyOf(page: Page, paths: readonly string[]): Promise<string[]> {
  const unsteady: string[] = []
  for (const width of isLong ? WIDTHS : WIDTHS.slice(0, 1)) {
    await page.setViewportSize({ width, height: 800 })
    unsteady.push(...(await unsteadyAt(page, isLong ? paths : paths.slice(0, 3))))
  }
  return unsteady
}

/** In the window's present size. */
async function unsteadyAt(page: Page, paths: readonly string[]): Promise<string[]> {
  const traffic = recorded.get(page) ?? (await record(page))
  const unsteady: string[] = []
  for (const path of paths) {
    traffic.open.clear() // whatever the page before has not received, it never will
    await page.goto(path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.locator('.skeleton').first().waitFor({ state: 'detached' })
    await page.waitForLoadState('load')
    await expect.poll(() => isQuiet(traffic), PATIENCE).toBe(true)
    const shift = await page.evaluate<number>('window.layoutShift')
    const moved = await page.evaluate<string[]>('window.layoutShifts')
    if (shift >= GOOD)
      unsteady.push(`${path} at ${page.viewportSize()?.width} px: ${shift.toFixed(3)}, ${moved.join(', ')}`)
  }
  return unsteady
}

const isQuiet = ({ open, changedAt }: Traffic) => open.size === 0 && performance.now() - changedAt > QUIET_MS

async function record(page: Page): Promise<Traffic> {
  const traffic: Traffic = { open: new Set(), changedAt: performance.now() }
  const ended = (request: Request) => {
    traffic.open.delete(request)
    traffic.changedAt = performance.now()
  }
  page.on('request', (request) => {
    traffic.open.add(request)
    traffic.changedAt = performance.now()
  })
  page.on('requestfinished', ended)
  page.on('requestfailed', ended)
  await page.addInitScript(RECORDER)
  await page.route('**/trpc/**', (route) => setTimeout(() => void route.continue(), ANSWER_MS))
  recorded.set(page, traffic)
  return traffic
}
