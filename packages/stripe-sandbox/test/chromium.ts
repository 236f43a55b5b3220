import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'

const PLACES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].filter((place) => place !== undefined)

/** Starts the machine's own Chromium. @throws {Error} there is none. */
export async function startChromium(): Promise<Browser> {
  const executablePath = PLACES.find((place) => existsSync(place))
  if (!executablePath)
    throw new Error(`There is no Chromium at ${PLACES.join(', ')}: install it, or set CHROMIUM to where it is.`)
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] })
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

/** What keeps people out of a page as it stands, in the light and in the dark. The page's own policy must let scripts pass (`bypassCSP`). */
export async function barriersOn(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: AXE })
  await page.emulateMedia({ colorScheme: 'light' })
  const inTheLight = await page.evaluate<AxeResults>('axe.run()')
  await page.emulateMedia({ colorScheme: 'dark' })
  const inTheDark = await page.evaluate<AxeResults>("axe.run({ runOnly: ['color-contrast'] })")
  return [...inTheLight.violations, ...inTheDark.violations].flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id} on ${page.url()}: ${node.html}`),
  )
}
