import type { Paymob } from '../callbacks/paymob.ts'
import { html, type Html } from '../pages/html.ts'
import { CHOICES } from '../settings.ts'
import { formButton } from './form-button.ts'
import { section } from './section.ts'

/** Everything that can go wrong, and what Paymob's documentation leaves open. */
export function badDayForms({ chaos, settings }: Paymob): Html {
  const { callbacks } = chaos
  return html`<div class="grid two">
      ${section(
        'chaos',
        'Callbacks go wrong',
        html`<form method="post" action="/_/buttons/chaos">
          <div class="fields">
            ${numberField('drop', 'Lost (0 to 1)', callbacks.drop)}
            ${numberField('duplicate', 'Sent twice', callbacks.duplicate)}
            ${numberField('reorder', 'Reordered', callbacks.reorder)}
            ${numberField('delayMs', 'Delay in ms', callbacks.delayMs)}
          </div>
          <p><button class="small">Apply</button></p>
        </form>`,
      )}
      ${section(
        'api',
        'The API fails',
        html`<div class="bar">
            ${chaos.isDown ? formButton({ name: 'up', label: 'The API is down: bring it up' }) : formButton({ name: 'down', label: 'Take the API down', danger: true })}
            ${formButton({ name: 'expire-tokens', label: 'Expire auth tokens' })}
          </div>
          <form method="post" action="/_/buttons/fail-next">
            <div class="fields">
              <div>
                <label for="how">The next calls</label>
                <select id="how" name="how">
                  <option value="500">fail with 500</option>
                  <option value="429">fail with 429</option>
                  <option value="lost">take effect, the answer is lost</option>
                  <option value="timeout">get no answer</option>
                  <option value="slow">take 5 seconds</option>
                </select>
              </div>
              ${numberField('count', 'How many', 1)}
            </div>
            <p>
              <button class="small">Apply</button>
              ${chaos.remaining > 0 && html`<span class="muted">${chaos.remaining} calls left</span>`}
            </p>
          </form>`,
      )}
    </div>
    ${section(
      'settings',
      'What the documentation leaves open',
      html`<form method="post" action="/_/buttons/settings">
        <div class="settings">
          ${Object.entries(CHOICES).map(
            ([name, choices]) =>
              html`<div>
                <label for="${name}">${LABELS[name]}</label>
                <select id="${name}" name="${name}">
                  ${choices.map((choice) => option(choice, choice === Object.entries(settings).find(([key]) => key === name)?.[1]))}
                </select>
              </div>`,
          )}
        </div>
        <p><button class="small">Apply</button></p>
      </form>`,
    )}`
}

const LABELS: Readonly<Record<string, string>> = {
  repeatedReferences: 'A special_reference that is used again',
  endsAtNull: 'ends_at: null in an update',
  failedRenewalMoves: 'A failed renewal moves next_billing',
  initialTransactionListed: "The first payment in a subscription's transactions",
}

function option(choice: string, isSelected: boolean): Html {
  const label = choice.replaceAll('_', ' ')
  return isSelected
    ? html`<option value="${choice}" selected>${label}</option>`
    : html`<option value="${choice}">${label}</option>`
}

function numberField(name: string, label: string, value: number): Html {
  return html`<div>
    <label for="${name}">${label}</label>
    <input id="${name}" name="${name}" inputmode="decimal" value="${value}" required />
  </div>`
}
