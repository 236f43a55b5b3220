import { html, type Html } from './html.ts'
import { SCRIPT, STYLE } from './style.ts'

interface Person {
  address: string
  name?: string
}

/** A mail in the list, as the inbox's API has it. */
export interface Summary {
  id: string
  subject?: string
  from?: Person[]
  to?: Person[]
  time: string
  read?: boolean
}

/** A whole mail. */
export interface Mail extends Summary {
  text?: string
  html?: string
}

export const VIEWS = ['html', 'text'] as const
export type View = (typeof VIEWS)[number]

interface Shown {
  mails: readonly Summary[]
  total: number
  newest: string
  search: string
  smtpUrl: string
  /** The mail that is open. */
  mail?: Mail
  view: View
}

/** The inbox as a page. On a phone it shows the list, or the mail that is open. */
export function inboxPage(shown: Shown): Html {
  const { mails, total, newest, search, smtpUrl, mail } = shown
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${mail ? `${subjectOf(mail)} · Inbox` : 'Inbox'}</title>
        ${STYLE_ELEMENT}
      </head>
      <body data-newest="${newest}" class="${mail ? 'open' : ''}">
        <header class="top">
          <h1><a href="/">Inbox</a></h1>
          <p class="muted">${total === 1 ? '1 mail' : `${total} mails`}. SMTP: <code>${smtpUrl}</code></p>
          <form method="post" action="/delete-all"><button>Delete all</button></form>
        </header>
        <div class="panes">
          <div class="list">
            <form class="search" role="search" action="/">
              <input name="q" type="search" value="${search}" placeholder="Search" aria-label="Search mails" />
            </form>
            ${mails.length === 0 && html`<p class="empty">${search ? 'No mail matches.' : 'No mail yet. It appears here by itself.'}</p>`}
            <ul class="mails">
              ${mails.map((each) => row(each, each.id === mail?.id, search))}
            </ul>
          </div>
          <main>${mail ? opened(mail, shown) : html`<p class="empty nothing">Choose a mail to read it.</p>`}</main>
        </div>
        ${SCRIPT_ELEMENT}
      </body>
    </html>`
}

// Single values, because a browser also hashes every space between the tags.
const STYLE_ELEMENT: Html = { html: `<style>${STYLE}</style>` }
const SCRIPT_ELEMENT: Html = { html: `<script>${SCRIPT}</script>` }

function row(mail: Summary, isOpen: boolean, search: string): Html {
  const query = search === '' ? '' : `?q=${encodeURIComponent(search)}`
  return html`<li class="${mail.read || isOpen ? '' : 'unread'}">
    <a href="/mail/${mail.id}${query}" ${isOpen && html`aria-current="true"`}>
      <span class="line muted"
        ><span>${addressesOf(mail.to)}</span> <time datetime="${mail.time}">${timeOf(mail.time)}</time></span
      >
      <b>${subjectOf(mail)}</b>
    </a>
  </li>`
}

function opened(mail: Mail, { view, search }: Shown): Html {
  const shows = view === 'html' && mail.html ? 'html' : 'text'
  return html`<article class="mail">
    <a class="back" href="/${search === '' ? '' : `?q=${encodeURIComponent(search)}`}">← All mails</a>
    <h2>${subjectOf(mail)}</h2>
    <dl>
      <dt>From</dt>
      <dd>${addressesOf(mail.from)}</dd>
      <dt>To</dt>
      <dd>${addressesOf(mail.to)}</dd>
      <dt>Sent</dt>
      <dd><time datetime="${mail.time}">${timeOf(mail.time)} UTC</time></dd>
    </dl>
    <nav class="tabs" aria-label="Form of the mail">
      ${mail.html ? tab(mail, 'html', 'HTML', shows) : null} ${tab(mail, 'text', 'Plain text', shows)}
      <a href="/api/email/${mail.id}/source">Source</a>
    </nav>
    ${
      shows === 'html'
        ? html`<iframe
            title="${subjectOf(mail)}"
            src="/mail/${mail.id}/html"
            sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
          ></iframe>`
        : html`<pre>${mail.text ?? ''}</pre>`
    }
  </article>`
}

const tab = ({ id }: Mail, view: View, label: string, shown: View): Html =>
  html`<a href="/mail/${id}?view=${view}" ${view === shown && html`aria-current="page"`}>${label}</a>`

const subjectOf = ({ subject }: Summary): string => subject || '(no subject)'

const addressesOf = (people: readonly Person[] = []): string =>
  people.map(({ name, address }) => (name ? `${name} <${address}>` : address)).join(', ')

const TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
const timeOf = (time: string): string => TIME.format(new Date(time))
