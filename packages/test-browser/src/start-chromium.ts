import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const PLACES = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].filter((place) => place !== undefined)

/** The pages are our own, and Chromium's own sandbox does not work for root or in most containers. */
const ARGUMENTS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'

/**
 * Starts the machine's own Chromium.
 *
 * @throws {Error} there is none, and how to get one.
 */
export async function startChromium(): Promise<Browser> {
  const executablePath = PLACES.find((place) => existsSync(place))
  if (!executablePath) {
    throw new Error(
      `The browser tests need Chromium, and there is none at ${PLACES.join(', ')}. Install it (Debian, Ubuntu: "apt-get install chromium"; macOS: "brew install --cask chromium"), or set CHROMIUM to where it is.`,
    )
  }
  return chromium.launch({ executablePath, args: ARGUMENTS.split(' ') })
}
