import { Eta } from 'eta/core'
import { LAYOUT } from './layout/generated/layout.ts'
import type { Letter } from './letter.ts'
import type { MailSite } from './mail-site.ts'

const eta = new Eta({ tags: ['{{', '}}'] })
const layout = eta.compile(LAYOUT)

/** Renders a letter as HTML, with every value escaped, and as plain text. */
export function render(letter: Letter, site: MailSite): { subject: string; html: string; text: string } {
  const { webUrl, brand, texts } = site
  const { subject, title = subject, action } = letter
  const html = eta.render(layout, {
    ...{ ...letter, title, texts },
    ...{ site: { ...brand, url: webUrl }, tones: brand.tones },
    preview: letter.paragraphs[0],
    action: action && { ...action, shown: shortUrl(action.url) },
  })
  return { subject, html, text: renderText(letter, site) }
}

/** The longest URL that is shown in full. */
const LONGEST_SHOWN = 60

/** What a link shows of its URL: not the query, which may have a long token in it, and not the end of a long path. */
function shortUrl(url: string): string {
  const [path = url] = url.split(/[?#]/, 1)
  return path === url && url.length <= LONGEST_SHOWN ? url : `${path.slice(0, LONGEST_SHOWN - 1)}…`
}

function renderText(letter: Letter, { webUrl, brand, texts }: MailSite): string {
  const {
    greeting,
    paragraphs: [first, ...others],
    details,
    code,
    action,
    more,
    note,
  } = letter
  const facts = details?.map(({ name, value }) => `${name}: ${value}`).join('\n')
  const links = [action, more].flatMap((link) => (link ? [`${link.label}:\n${link.url}`] : []))
  const help = brand.supportEmail === null ? [] : [`${texts.frame.help} ${brand.supportEmail}`]
  const signature = ['-- ', brand.name, webUrl, ...help, ''].join('\n') // mail programs omit it in replies
  return [greeting, first, facts, ...others, code, ...links, note, signature]
    .filter((part) => part !== undefined)
    .join('\n\n')
}
