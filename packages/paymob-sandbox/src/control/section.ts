import { html, type Html } from '../pages/html.ts'

/** A section of a control page. */
export function section(id: string, title: string, content: Html): Html {
  return html`<section class="panel" id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${content}
  </section>`
}
