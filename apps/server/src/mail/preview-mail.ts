import { DAY } from '../platform/durations.ts'
import type { MailSite } from './mail-site.ts'
import { MailContent } from './mail.queues.ts'
import { withOwnWords } from './own-words.ts'
import { render } from './render.ts'
import { writeLetter } from './templates/write-letter.ts'

/** Stands for a login code in previews. */
const HIDDEN_CODE = '••••••'
/** The path of links in previews. No page has it, and it has no token. */
const HIDDEN_LINK = 'hidden-link'

interface MailPreview {
  subject: string
  html: string
  text: string
}

/**
 * Renders an email as its recipient sees it, but without a link or a code that works.
 *
 * @param timeZone the recipient's; null if they have none.
 */
export function previewMail(content: MailContent, site: MailSite, timeZone: string | null): MailPreview {
  const text = content.template === 'login-code' ? HIDDEN_CODE : `${site.webUrl}/${HIDDEN_LINK}`
  return render(
    withOwnWords(writeLetter(content, site, { text, lifetime: DAY }, timeZone), content, site, timeZone),
    site,
  )
}

/**
 * Reads the content of a stored email.
 *
 * @returns null if it was not stored, or another version has stored something unknown here.
 */
export function storedContent(template: string, props: unknown): MailContent | null {
  return MailContent.safeParse({ template, props }).data ?? null
}
