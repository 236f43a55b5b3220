import { openSession } from '../checkout/open-session.ts'
import { invalidRequest } from '../http/errors.ts'
import { newId } from '../ids.ts'
import { html, type Html } from '../pages/html.ts'
import { priceText } from '../pages/price-text.ts'
import { pricesOnSale } from '../resources/portal-features.ts'
import { createPrice } from '../routes/catalogue/create-price.ts'
import { createProduct } from '../routes/catalogue/inline-product.ts'
import type { Account } from '../state/account.ts'
import { formButton } from './form-button.ts'

/** Opens a checkout page without an app, for any price on sale. If there is none, it offers to create sample plans. */
export function checkoutPanel(account: Account, back: string): Html {
  const prices = pricesOnSale(account)
  if (prices.length === 0)
    return html`<p>
        There are no recurring prices yet. An app may create the price of a plan only when the first customer chooses
        it. Subscribe there, create a price with the API, or try sample plans:
      </p>
      ${formButton({ name: 'sample-plans', label: 'Create sample plans', back })}`
  return html`<p>Subscribe as a new customer, on the page that your app would send them to:</p>
    <div class="bar">
      ${formButton(
        { name: 'checkout', label: 'Open checkout page', back },
        {},
        html`<label for="checkout-price">Price</label>
          <select id="checkout-price" name="price">
            ${prices.map((price) => html`<option value="${price.id}">${account.products.get(price.product).name}: ${priceText(price)}</option>`)}
          </select>`,
      )}
    </div>`
}

const SAMPLES = [
  { name: 'Sample Starter', unit_amount: 900, interval: 'month' },
  { name: 'Sample Pro', unit_amount: 1900, interval: 'month' },
  { name: 'Sample Pro, yearly', unit_amount: 19_000, interval: 'year' },
] as const

/**
 * Creates the sample plans.
 *
 * @returns their names.
 */
export function makeSamplePlans(account: Account): string[] {
  for (const { name, unit_amount, interval } of SAMPLES) {
    const { id } = createProduct(account, { name })
    createPrice(account, { product: id, currency: 'usd', unit_amount, recurring: { interval } }, '')
  }
  return SAMPLES.map(({ name }) => name)
}

/**
 * Opens a checkout for a price on sale, which returns to the controls.
 *
 * @returns the path of its page.
 */
export function openSampleCheckout(account: Account, id: string): string {
  const price = pricesOnSale(account).find((each) => each.id === id)
  if (!price) throw invalidRequest('This price is not on sale.')
  const controls = `${account.publicUrl}/_/`
  const session = openSession(account, {
    mode: 'subscription',
    currency: price.currency,
    lines: [{ id: newId('li'), price: price.id, quantity: 1, tax_rates: [] }],
    success_url: controls,
    cancel_url: controls,
  })
  return `/c/pay/${session.id}`
}
