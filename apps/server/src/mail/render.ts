import { Eta } from 'eta/core'
import { LAYOUT } from './layout/generated/layout.ts'
import type { Letter } from './letter.ts'
import type { MailPages } from './mail-pages.ts'

const eta = new Eta({ tags: ['{{', '}}'] })
const layout = eta.compile(LAYOUT)

/** Renders a letter as HTML, with every value escaped, and as plain text. */
export function render(letter: Letter, pages: MailPages): { subject: string; html: string; text: string } {
  const site = { name: pages.siteName, url: pages.webUrl }
  const html = eta.render(layout, { ...letter, preview: letter.paragraphs[0], site })
  return { subject: letter.subject, html, text: renderText(letter, pages) }
}

function renderText({ greeting, paragraphs, code, action, more, note }: Letter, pages: MailPages): string {
  const links = [action, more].flatMap((link) => (link ? [`${link.label}:\n${link.url}`] : []))
  const signature = `-- \n${pages.siteName}\n${pages.webUrl}\n` // mail programs omit it in replies
  return [greeting, ...paragraphs, code, ...links, note, signature].filter((part) => part !== undefined).join('\n\n')
}
