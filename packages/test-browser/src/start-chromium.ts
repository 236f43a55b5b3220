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

/** No sandbox: it doesn't work for root or in most containers, and the tests open only our own pages. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Starts the Chromium installed on this machine.
 *
 * @throws {Error} if there is none; the message says how to install it.
 */
export async function startChromium(): Promise<Browser> {
  const executablePath = PLACES.find((place) => existsSync(place))
  if (!executablePath) {
    throw new Error(
      `The browser tests need Chromium, but none was found at ${PLACES.join(', ')}. ` +
        'Install it (Debian, Ubuntu: "apt-get install chromium"; macOS: "brew install --cask chromium"), ' +
        'or set CHROMIUM to its path.',
    )
  }
  return chromium.launch({ executablePath, args: ARGUMENTS })
}
