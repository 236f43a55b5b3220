import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AXE, violations, type Violations } from '@tollgate/test-browser/accessibility'
import { arePicturesWanted } from '@tollgate/test-browser/picture'
import { startChromium } from '@tollgate/test-browser/start-chromium'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { aMailSite } from '../../test/mail-site.ts'
import { HOUR } from '../platform/durations.ts'
import { MAIL_SAMPLES } from './mail-samples.ts'
import { MailContent } from './mail.queues.ts'
import { render } from './render.ts'
import { writeLetter } from './templates/write-letter.ts'

const FOLDER = join(import.meta.dirname, '../../../../artifacts/mails')
const WIDTHS = [800, 360]
/** Both in the long tests, and for pictures. */
const SCHEMES = arePicturesWanted ? (['light', 'dark'] as const) : (['light'] as const)
/** An email is only part of the mail program's page, so rules about whole pages (main element, landmarks) are off. */
const CHECK = {
  light: violations("rules: { 'landmark-one-main': { enabled: false }, region: { enabled: false } }"),
  dark: violations("runOnly: ['color-contrast']"),
}
const site = aMailSite()

let chromium: Browser
let page: Page
beforeAll(async () => {
  mkdirSync(FOLDER, { recursive: true })
  chromium = await startChromium()
  page = await chromium.newPage()
  await page.addScriptTag({ path: AXE })
})
afterAll(() => chromium.close())

/** Renders an email as the worker does, with a link as long as one with a signed token. */
function mail(content: MailContent) {
  const token = `eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.${'eyJqdGkiOiIwMTk5'.repeat(18)}.${'Zm9vYmFyLWJheg'.repeat(3)}`
  const text = content.template === 'login-code' ? '012345' : `${site.webUrl}/verify-email?token=${token}`
  return render(writeLetter(content, site, { text, lifetime: HOUR }, null), site)
}

test('mail-samples.ts has a valid sample of every template', () => {
  const samples = Object.values(MAIL_SAMPLES)
  const templates = MailContent.options.map(({ shape }) => shape.template.value)
  expect(new Set(samples.map(({ template }) => template))).toEqual(new Set(templates))
  for (const sample of samples) expect(MailContent.parse(sample)).toEqual(sample)
})

test.each(Object.entries(MAIL_SAMPLES))(
  '%s is accessible and fits its window, on wide and narrow screens',
  async (name, content) => {
    const { subject, html, text } = mail(content)
    writeFileSync(join(FOLDER, `${name}.txt`), `Subject: ${subject}\n\n${text}`)
    await page.setContent(html)
    const problems: string[] = []
    for (const colorScheme of SCHEMES) {
      await page.emulateMedia({ colorScheme })
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 600 })
        const path = join(FOLDER, `${name}-${colorScheme}-${width}.png`)
        if (arePicturesWanted) await page.screenshot({ path, fullPage: true })
        if ((await page.evaluate<number>('document.documentElement.scrollWidth')) > width)
          problems.push(`${width}: wider than the window`)
      }
      const found = await page.evaluate<Violations>(CHECK[colorScheme])
      problems.push(...found.flatMap(({ id, nodes }) => nodes.map((node) => `${colorScheme}, ${id}: ${node.html}`)))
    }
    expect(problems).toEqual([])
  },
)
