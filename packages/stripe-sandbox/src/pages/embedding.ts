import { createHash } from 'node:crypto'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import { Html, html } from './html.ts'

/** Tells the page around the frame how high the frame must be, and that the session is complete. */
const SCRIPT = `const tell = (message) => parent.postMessage({ stripeSandbox: true, ...message }, '*')
const tellHeight = () => tell({ height: Math.ceil(document.body.getBoundingClientRect().height) })
new ResizeObserver(tellHeight).observe(document.body)
const complete = document.querySelector('[data-complete]')
if (complete) tell({ complete: complete.dataset.complete, next: complete.dataset.next })
addEventListener('keydown', ({ key }) => key === 'Escape' && tell({ escape: true }))
addEventListener('message', ({ source, data }) => {
  if (source === parent && data?.stripeSandbox && data.act === 'fail') document.querySelector('[value=fail]')?.click()
})`

/** The only script that a page in a frame may run, for its Content-Security-Policy. */
export const SCRIPT_HASH = `'sha256-${createHash('sha256').update(SCRIPT).digest('base64')}'`

export const embeddedScript = new Html(`<script>${SCRIPT}</script>`)

/** Whether a session's pages are shown in a frame of the app's own page. */
export const isEmbedded = ({ ui_mode }: Pick<CheckoutSessionRow, 'ui_mode'>): boolean => ui_mode === 'embedded_page'

/** The last page in the frame of a bank. Its script lets the app's page go on. */
export function answeredPage(intent: string): Html {
  return html`<div class="panel" data-complete="${intent}">
    <h1>Thank you</h1>
    <p>Your bank has your answer.</p>
  </div>`
}

/** The last page in the frame of a checkout. Its script lets the app's page go on. */
export function completePage(session: CheckoutSessionRow, next: string | null): Html {
  return html`<div class="panel" data-complete="${session.id}" data-next="${next}">
    <h1>Thank you</h1>
    <p>${session.mode === 'setup' ? 'Your card is saved.' : 'Your payment is complete.'}</p>
    ${next !== null && html`<p><a href="${next}" target="_top">Continue</a></p>`}
  </div>`
}
