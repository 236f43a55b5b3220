import { html, type Html } from '../pages/html.ts'
import { tag } from '../pages/tags.ts'
import type { Account } from '../state/account.ts'
import type { Chaos } from '../webhooks/chaos.ts'
import { formButton } from './form-button.ts'

const SHARES = [
  ['drop', 'Lost (%)'],
  ['duplicate', 'Sent twice (%)'],
  ['reorder', 'Out of order (%)'],
] as const

/** Forms that make deliveries and API calls fail, and that roll an endpoint's secret. */
export function chaosForms({ account, chaos }: { account: Account; chaos: Chaos }, back: string): Html {
  return html`<div class="grid two">
      <section class="panel" aria-labelledby="chaos-title">
        <h2 id="chaos-title">Webhook failures</h2>
        ${Object.values(chaos.deliveries).some((value) => value > 0) && tag('active', 'warn')}
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
              <label for="delayMs">Delay (ms)</label>
              <input id="delayMs" name="delayMs" type="number" min="0" value="${chaos.deliveries.delayMs}" />
            </div>
          </div>
          <button class="plain">Set</button>
        </form>
      </section>
      <section class="panel" aria-labelledby="fail-title">
        <h2 id="fail-title">API failures</h2>
        ${chaos.remaining > 0 && tag(`${chaos.remaining} ${chaos.remaining === 1 ? 'call' : 'calls'} left`, 'warn')}
        <form method="post" action="/_/buttons/fail-next">
          <input type="hidden" name="back" value="${back}" />
          <div class="fields">
            <div>
              <label for="count">Number of calls</label
              ><input id="count" name="count" type="number" min="0" value="${chaos.remaining || 1}" />
            </div>
            <div>
              <label for="how">Fail with</label>
              <select id="how" name="how">
                <option value="500">500, internal error</option>
                <option value="503">503, service unavailable</option>
                <option value="429">429, too many requests</option>
                <option value="timeout">no response</option>
                <option value="reset">a broken connection</option>
              </select>
            </div>
          </div>
          <label><input type="checkbox" name="afterExecution" />Carry out the calls first</label>
          <button class="plain">Set</button>
        </form>
      </section>
    </div>
    <section class="panel" aria-labelledby="endpoints-title">
      <h2 id="endpoints-title">Webhook endpoints</h2>
      ${account.webhookEndpoints.size === 0 && html`<p class="muted">None yet. Start the sandbox with --webhook-url, or create one with the API.</p>`}
      <ul class="rows">
        ${account.webhookEndpoints.all().map(
          (row) =>
            html`<li class="bar">
              <code>${row.url}</code> ${tag(row.status, row.status === 'enabled' ? 'good' : 'calm')}
              ${row.secrets.length > 1 && tag('secret rolled', 'blue')}
              ${formButton(
                { name: 'roll-secret', label: 'Roll the secret', back, danger: true },
                { endpoint: row.id },
                html`<label
                  >old secret signs for
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
