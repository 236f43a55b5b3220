import { html, type Html } from '../pages/html.ts'
import { tag } from '../pages/tags.ts'
import type { Account } from '../state/account.ts'
import type { Chaos } from '../webhooks/chaos.ts'
import { formButton } from './form-button.ts'

const SHARES = [
  ['drop', 'Lost, %'],
  ['duplicate', 'Sent twice, %'],
  ['reorder', 'Out of order, %'],
] as const

/** Deliveries that go wrong, calls that fail, and the endpoints' secrets. */
export function chaosForms({ account, chaos }: { account: Account; chaos: Chaos }, back: string): Html {
  return html`<div class="grid two">
      <section class="panel" aria-labelledby="chaos-title">
        <h2 id="chaos-title">Webhooks that go wrong</h2>
        ${Object.values(chaos.deliveries).some((value) => value > 0) && tag('going wrong now', 'warn')}
        <form method="post" action="/_/buttons/chaos">
          <input type="hidden" name="back" value="${back}" />
          <div class="fields">
            ${SHARES.map(
              ([name, label]) =>
                html`<div>
                  <label for="${name}">${label}</label>
                  <input
                    id="${name}"
                    name="${name}"
                    type="number"
                    min="0"
                    max="100"
                    value="${Math.round(chaos.deliveries[name] * 100)}"
                  />
                </div>`,
            )}
            <div>
              <label for="delayMs">Late, ms</label>
              <input id="delayMs" name="delayMs" type="number" min="0" value="${chaos.deliveries.delayMs}" />
            </div>
          </div>
          <button class="plain">Set</button>
        </form>
      </section>
      <section class="panel" aria-labelledby="fail-title">
        <h2 id="fail-title">API calls that fail</h2>
        ${chaos.remaining > 0 && tag(`${chaos.remaining} calls left to fail`, 'warn')}
        <form method="post" action="/_/buttons/fail-next">
          <input type="hidden" name="back" value="${back}" />
          <div class="fields">
            <div>
              <label for="count">The next</label
              ><input id="count" name="count" type="number" min="0" value="${chaos.remaining || 1}" />
            </div>
            <div>
              <label for="how">end with</label>
              <select id="how" name="how">
                <option value="500">500, an error of Stripe's</option>
                <option value="503">503, not available</option>
                <option value="429">429, too many calls</option>
                <option value="timeout">no answer at all</option>
                <option value="reset">a broken connection</option>
              </select>
            </div>
          </div>
          <label><input type="checkbox" name="afterExecution" />after they were carried out</label>
          <button class="plain">Set</button>
        </form>
      </section>
    </div>
    <section class="panel" aria-labelledby="endpoints-title">
      <h2 id="endpoints-title">Webhook endpoints</h2>
      ${account.webhookEndpoints.size === 0 && html`<p class="muted">There is none: start with --webhook-url, or create one with the API.</p>`}
      <ul class="rows">
        ${account.webhookEndpoints.all().map(
          (row) =>
            html`<li class="bar">
              <code>${row.url}</code> ${tag(row.status, row.status === 'enabled' ? 'good' : 'calm')}
              ${row.secrets.length > 1 && tag('secret was rolled', 'blue')}
              ${formButton(
                { name: 'roll-secret', label: 'Roll the secret', back, danger: true },
                { endpoint: row.id },
                html`<label
                  >old one signs for
                  <select name="hours">
                    <option value="0">0 h</option>
                    <option value="1">1 h</option>
                    <option value="24">24 h</option>
                  </select></label
                >`,
              )}
            </li>`,
        )}
      </ul>
    </section>`
}
