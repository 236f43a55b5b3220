import { Html, html } from '../pages/html.ts'

/** What the control page shows, as its URL says it. */
export interface Choice {
  readonly tab: string
  /** What is searched for, in lower case. */
  readonly text: string
  readonly status: string
  /** From 1. */
  readonly page: number
}

/** Maximum number of rows on a page. */
const ROWS = 15
const MAX_TEXT = 200

export function readChoice(query: Readonly<Record<string, unknown>>): Choice {
  const text = (name: string): string => {
    const value = query[name]
    return typeof value === 'string' ? value.trim().slice(0, MAX_TEXT) : ''
  }
  const page = Number(text('page'))
  return {
    tab: text('tab'),
    text: text('q').toLowerCase(),
    status: text('status'),
    page: Number.isSafeInteger(page) && page > 0 ? page : 1,
  }
}

/** The path of the control page with this choice. */
export function pathOf({ tab, text, status, page }: Choice): string {
  const query = new URLSearchParams()
  if (tab !== '') query.set('tab', tab)
  if (text !== '') query.set('q', text)
  if (status !== '') query.set('status', status)
  if (page > 1) query.set('page', String(page))
  return query.size > 0 ? `/_/?${query.toString()}` : '/_/'
}

/** How the rows of a tab are found. */
export interface Search<Row> {
  /** What the search looks in. */
  textOf(row: Row): string
  /** Names of statuses to choose from. */
  statuses: readonly string[]
  hasStatus(row: Row, status: string): boolean
  /** What can be searched for. */
  hint: string
}

export interface Found<Row> {
  readonly rows: readonly Row[]
  readonly total: number
}

/** The rows of a page that match, the newest first. @param all the oldest first. */
export function find<Row>(all: readonly Row[], { text, status, page }: Choice, search: Search<Row>): Found<Row> {
  const found = all.filter(
    (row) =>
      (text === '' || search.textOf(row).toLowerCase().includes(text)) &&
      (status === '' || search.hasStatus(row, status)),
  )
  return { rows: found.toReversed().slice((page - 1) * ROWS, page * ROWS), total: found.length }
}

/** The fields to search and filter with. They work without scripts: the browser puts them into the URL. */
export function searchForm<Row>({ tab, text, status }: Choice, { statuses, hint }: Search<Row>): Html {
  return html`<form method="get" action="/_/" class="bar search" role="search">
    <input type="hidden" name="tab" value="${tab}" />
    <label>Search <input name="q" type="search" value="${text}" placeholder="${hint}" /></label>
    ${
      statuses.length > 0 &&
      html`<label
        >Status
        <select name="status">
          <option value="">all</option>
          ${statuses.map((each) => html`<option value="${each}" ${new Html(each === status ? 'selected' : '')}>${each.replaceAll('_', ' ')}</option>`)}
        </select></label
      >`
    }
    <button class="small">Show</button>
    ${(text !== '' || status !== '') && html`<a href="${pathOf({ tab, text: '', status: '', page: 1 })}">Show all</a>`}
  </form>`
}

/** The links to newer and older rows. */
export function pages(choice: Choice, total: number): Html | null {
  const last = Math.max(1, Math.ceil(total / ROWS))
  if (last === 1 && choice.page === 1) return null
  const to = (page: number, label: string) => html`<a href="${pathOf({ ...choice, page })}">${label}</a>`
  return html`<p class="bar">
    ${choice.page > 1 && to(choice.page - 1, 'Newer')}
    <span class="muted">Page ${choice.page} of ${last}, ${total} in all</span>
    ${choice.page < last && to(choice.page + 1, 'Older')}
  </p>`
}
