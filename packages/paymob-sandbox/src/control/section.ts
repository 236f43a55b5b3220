import { html, type Html } from '../pages/html.ts'

/** Maximum number of rows that a list shows. */
export const SHOWN = 15

/** A section of the control page. `count` is the total, of which only the newest are shown. */
export function section(id: string, title: string, content: Html, count = 0): Html {
  return html`<section class="panel" id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">
      ${title}${count > SHOWN && html` <span class="muted">the newest ${SHOWN} of ${count}</span>`}
    </h2>
    ${content}
  </section>`
}
