import type { Delivery } from './delivery.ts'
import { ANSWERS, type Answer } from './disturbance.ts'
import { html, Html } from './html.ts'
import { stateOf, type Receiver } from './receiver.ts'
import { SCRIPT, STYLE } from './style.ts'

/** What the last button did. */
export interface Flash {
  readonly text: string
  readonly failed: boolean
}

/** How many deliveries the page shows. */
const SHOWN = 100

/** The page: where deliveries go, how they are disturbed, and which have arrived. */
export function receiverPage(receiver: Receiver, flash: Flash | undefined): Html {
  const { inbox, hookUrl } = receiver
  const all = inbox.all()
  return document(
    html`<h1>Webhook receiver</h1>
      <p class="muted">
        It receives Tollgate’s events at <code>${hookUrl}</code>, checks their signatures, and passes them on to your
        own app.
      </p>
      ${flash && html`<p role="status" class="${flash.failed ? 'bad' : 'good'}">${flash.text}</p>`}
      <div class="grid">${routePanel(receiver)} ${disturbancePanel(receiver)}</div>
      <section class="panel" aria-labelledby="deliveries">
        <div class="bar head">
          <h2 id="deliveries">Deliveries</h2>
          <span class="muted">${all.length > SHOWN ? `The newest ${SHOWN} of ${all.length}` : all.length}</span>
          <form method="post" action="/_/buttons/clear" class="push">
            <button class="small plain">Clear the list</button>
          </form>
        </div>
        ${
          all.length === 0
            ? html`<p class="muted">
                Nothing has arrived yet. Change something, such as your name, or send a test event to the endpoint.
              </p>`
            : html`<ul>
                ${all.slice(0, SHOWN).map((delivery) => deliveryRow(delivery, receiver))}
              </ul>`
        }
      </section>
      <p class="muted">Programs can do the same with JSON: see <code>packages/webhook-sandbox/README.md</code>.</p>`,
    stateOf(receiver),
  )
}

/** The page at an unknown address. */
export const unknownPage = (): Html =>
  document(
    html`<h1>Page not found</h1>
      <p>The receiver has no page at this address.</p>
      <p><a href="/_/">Deliveries</a></p>`,
  )

/** A complete page. One with a state reloads itself when the receiver's state is another. */
function document(main: Html, state?: string): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Webhook receiver</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body data-state="${state}">
        <header class="banner">WEBHOOK RECEIVER: for development on this machine</header>
        <main>${main}</main>
        ${
          state !== undefined &&
          html`<script>
            ${new Html(SCRIPT)}
          </script>`
        }
      </body>
    </html>`
}

function routePanel({ settings }: Receiver): Html {
  return html`<section class="panel" aria-labelledby="route">
    <h2 id="route">Pass on</h2>
    <form method="post" action="/_/buttons/forward" class="line">
      <div>
        <label for="forward">Address of your own app</label>
        <input
          id="forward"
          name="url"
          type="url"
          value="${settings.forwardTo ?? ''}"
          placeholder="http://127.0.0.1:4000/webhooks"
        />
      </div>
      <button>Save</button>
    </form>
    <p class="muted">
      Each delivery is passed on with its body and its signature as they are. Without an address, nothing is.
    </p>
    <form method="post" action="/_/buttons/secret" class="line">
      <div>
        <label for="secret">Secret of another endpoint</label>
        <input id="secret" name="secret" autocomplete="off" placeholder="whsec_…" />
      </div>
      <button class="plain">Add</button>
    </form>
    <p class="muted">Known secrets, with which signatures are checked: ${settings.secrets.length}.</p>
  </section>`
}

const ANSWER_TEXTS: Readonly<Record<Answer, string>> = {
  '200': '200: received',
  '500': '500: failed, try again',
  '429': '429: try again in a minute',
  '410': '410: gone, switch it off',
  hang: 'no answer at all',
}

function disturbancePanel({ disturbance }: Receiver): Html {
  const percent = (name: 'drop' | 'duplicate' | 'reorder', label: string) =>
    html`<div>
      <label for="${name}">${label}</label>
      <select id="${name}" name="${name}">
        ${[0, 0.1, 0.5, 1].map((share) => option(String(share), `${share * 100} %`, share === disturbance[name]))}
      </select>
    </div>`
  return html`<section class="panel" aria-labelledby="disturb">
    <h2 id="disturb">Disturb</h2>
    <form method="post" action="/_/buttons/disturb">
      <div class="fields">
        ${percent('drop', 'Drop')} ${percent('duplicate', 'Pass on twice')} ${percent('reorder', 'Reorder')}
        <div>
          <label for="delayMs">Delay</label>
          <select id="delayMs" name="delayMs">
            ${[0, 500, 5_000, 30_000].map((ms) =>
              option(String(ms), ms === 0 ? 'none' : `${ms / 1_000} s`, ms === disturbance.delayMs),
            )}
          </select>
        </div>
        <div class="long">
          <label for="answer">Answer to Tollgate</label>
          <select id="answer" name="answer">
            ${ANSWERS.map((answer) => option(answer, ANSWER_TEXTS[answer], answer === disturbance.answer))}
          </select>
        </div>
      </div>
      <div class="bar"><button>Save</button> <button class="plain" formaction="/_/buttons/calm">All calm</button></div>
    </form>
    <p class="muted">
      The answer decides whether Tollgate tries again. Everything else concerns the way to your own app. Only what is
      answered with 200 goes there.
    </p>
  </section>`
}

function option(value: string, text: string, isSelected: boolean): Html {
  return isSelected
    ? html`<option value="${value}" selected>${text}</option>`
    : html`<option value="${value}">${text}</option>`
}

function deliveryRow(delivery: Delivery, { settings }: Receiver): Html {
  const { number, receivedAt, id, copy, event, headers, body } = delivery
  return html`<li>
    <div class="bar">
      <strong>${event?.type ?? 'not an event'}</strong>
      ${event !== null && event.version !== null && tag(`version ${event.version}`, 'calm')} ${signatureTag(delivery)}
      ${delivery.isTest && tag('test', 'calm')} ${copy > 1 && tag(`attempt ${copy}`, 'warn')}
      ${delivery.isLate && tag('older than one before', 'warn')}
      ${delivery.answer !== '200' && tag(delivery.answer === 'hang' ? 'not answered' : `answered ${delivery.answer}`, 'bad')}
      ${delivery.isDropped && tag('dropped', 'bad')} ${delivery.forwards.map(forwardTag)}
      <span class="muted push"><time datetime="${receivedAt}">${receivedAt}</time></span>
    </div>
    <div class="bar">
      <code class="muted">${id}</code>
      ${
        settings.forwardTo !== null &&
        html`<form method="post" action="/_/buttons/pass" class="push">
          <button class="small plain" name="number" value="${number}">Pass on again</button>
        </form>`
      }
    </div>
    <details>
      <summary>Body and headers</summary>
      <pre tabindex="0">${pretty(body)}</pre>
      <pre tabindex="0">
${Object.entries(headers)
  .map(([name, value]) => `${name}: ${value}`)
  .join('\n')}</pre>
    </details>
  </li>`
}

const tag = (text: string, tone: 'good' | 'bad' | 'warn' | 'calm'): Html =>
  html`<span class="tag ${tone}">${text}</span>`

function signatureTag({ signature, signatureProblem }: Delivery): Html {
  if (signature === 'valid') return tag('signature valid', 'good')
  if (signature === 'unchecked') return tag('signature unchecked: no secret', 'warn')
  return tag(`signature wrong: ${signatureProblem ?? ''}`, 'bad')
}

function forwardTag({ status, error }: Delivery['forwards'][number]): Html {
  if (status === null) return tag(`passed on: ${error ?? 'no answer'}`, 'bad')
  return tag(`passed on: ${status}`, status >= 200 && status < 300 ? 'good' : 'bad')
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}
