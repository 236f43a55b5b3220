import type { OrderChange } from '../checkout/change-order.ts'
import type { Account } from '../state/account.ts'
import { priceIn } from '../state/price-in.ts'
import type { CheckoutSessionRow, OptionalItem } from '../state/rows/checkout.ts'
import { textOf, type Typed } from './card-form.ts'
import { html, type Html } from './html.ts'
import { priceText } from './price-text.ts'

/** The field that a line's quantity is chosen in; null if it can't be changed. */
export function quantityField(
  account: Account,
  { id, adjustable, optional, price, quantity }: CheckoutSessionRow['lines'][number],
): Html | null {
  if (!adjustable || optional !== undefined) return null
  const { name } = account.products.get(account.prices.get(price).product)
  return html`<label class="quantity" for="quantity-${id}"
    >Quantity<span class="hidden"> of ${name}</span>
    <input
      id="quantity-${id}"
      form="pay"
      name="quantity-${id}"
      type="number"
      inputmode="numeric"
      min="${adjustable.minimum}"
      max="${adjustable.maximum}"
      value="${quantity}"
      required
    />
  </label>`
}

/**
 * What the customer can add to their order, and the button that applies new quantities. They belong to the form that
 * pays, so that nothing typed there is lost.
 */
export function orderFields(account: Account, session: CheckoutSessionRow): Html | null {
  const { id, lines, optional_items: items = [] } = session
  const isAdjustable = [...lines, ...items].some(({ adjustable }) => adjustable !== undefined)
  if (!isAdjustable && items.length === 0) return null
  return html`${
    items.length > 0 &&
    html`<fieldset>
      <legend>Add to your order</legend>
      ${items.map((item, index) => optionalItem(account, session, item, index))}
    </fieldset>`
  }
  ${isAdjustable && html`<button form="pay" formaction="/c/pay/${id}/order" formnovalidate class="plain">Update order</button>`}`
}

function optionalItem(
  account: Account,
  { id, currency, lines }: CheckoutSessionRow,
  item: OptionalItem,
  index: number,
): Html {
  const price = priceIn(account, item.price, currency)
  const { name } = account.products.get(price.product)
  const chosen = lines.find((line) => line.optional === index)?.quantity ?? 0
  const field = `optional-${index}`
  if (item.adjustable)
    return html`<div class="option">
      <input
        id="${field}"
        form="pay"
        name="${field}"
        type="number"
        inputmode="numeric"
        min="0"
        max="${item.adjustable.maximum}"
        value="${chosen}"
      />
      <label for="${field}">${name}</label>
      <span>${priceText(price)} each</span>
    </div>`
  return html`<div class="option">
    <button
      form="pay"
      formaction="/c/pay/${id}/order"
      formnovalidate
      name="${field}"
      value="${chosen > 0 ? 0 : item.quantity}"
      class="plain small"
    >
      ${chosen > 0 ? 'Remove' : 'Add'}<span class="hidden"> ${name}</span>
    </button>
    <span class="name">${item.quantity > 1 && `${item.quantity} × `}${name}</span>
    <span>${priceText(price, item.quantity)}</span>
  </div>`
}

/**
 * What a customer changes with {@link quantityField} and {@link orderFields}. What they don't send stays as it is.
 *
 * @returns null if nothing changes.
 */
export function readOrder(session: CheckoutSessionRow, form: Typed): OrderChange | null {
  const { lines, optional_items: items = [] } = session
  const quantities = new Map<string, number>()
  for (const { id, optional, quantity } of lines) {
    const wanted = optional === undefined ? wholeNumber(form[`quantity-${id}`]) : undefined
    if (wanted !== undefined && wanted !== quantity) quantities.set(id, wanted)
  }
  const optional = new Map<number, number>()
  for (const index of items.keys()) {
    const wanted = wholeNumber(form[`optional-${index}`])
    const quantity = lines.find((line) => line.optional === index)?.quantity ?? 0
    if (wanted !== undefined && wanted !== quantity) optional.set(index, wanted)
  }
  return quantities.size + optional.size === 0 ? null : { quantities, optional }
}

/** A quantity that was entered: NaN for what is none, undefined if there is no such field. */
function wholeNumber(value: unknown): number | undefined {
  if (value === undefined) return undefined
  return /^\d{1,6}$/.test(textOf(value)) ? Number(textOf(value)) : Number.NaN
}
