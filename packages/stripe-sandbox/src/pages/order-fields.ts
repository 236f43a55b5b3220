import type { OrderChange } from '../checkout/change-order.ts'
import { boundsOf } from '../checkout/chosen-amounts.ts'
import { parseMoney, typedMoney } from '../money.ts'
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

/** The field that a customer enters an amount in; null if the price has its own. */
export function amountField(
  account: Account,
  line: CheckoutSessionRow['lines'][number],
  currency: string,
): Html | null {
  const bounds = boundsOf(account, line, currency)
  if (!bounds) return null
  const { name } = account.products.get(account.prices.get(line.price).product)
  return html`<label class="quantity" for="amount-${line.id}"
    >Amount in ${currency.toUpperCase()}<span class="hidden"> for ${name}</span>
    <input
      id="amount-${line.id}"
      form="pay"
      name="amount-${line.id}"
      inputmode="decimal"
      autocomplete="off"
      value="${bounds.present === null ? '' : typedMoney(bounds.present, currency)}"
      required
    />
  </label>`
}

/**
 * What the customer can add to their order, and the button that applies new quantities and amounts. They belong to the form that
 * pays, so that nothing typed there is lost.
 */
export function orderFields(account: Account, session: CheckoutSessionRow): Html | null {
  const { id, lines, optional_items: items = [] } = session
  const isAdjustable =
    [...lines, ...items].some(({ adjustable }) => adjustable !== undefined) ||
    lines.some((line) => boundsOf(account, line, session.currency ?? 'usd') !== null)
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
 * What a customer changes with {@link quantityField}, {@link amountField} and {@link orderFields}. What they don't send stays as it is,
 * but an amount that was never chosen is NaN.
 *
 * @returns null if nothing changes.
 */
export function readOrder(account: Account, session: CheckoutSessionRow, form: Typed): OrderChange | null {
  const { lines, optional_items: items = [] } = session
  const quantities = new Map<string, number>()
  const amounts = new Map<string, number>()
  const currency = session.currency ?? 'usd'
  for (const line of lines) {
    const { id, optional, quantity } = line
    const bounds = boundsOf(account, line, currency)
    const typed = form[`amount-${id}`]
    const amount = typed === undefined ? (bounds?.present ?? Number.NaN) : parseMoney(textOf(typed), currency)
    if (bounds && amount !== bounds.present) amounts.set(id, amount)
    const wanted = optional === undefined ? wholeNumber(form[`quantity-${id}`]) : undefined
    if (wanted !== undefined && wanted !== quantity) quantities.set(id, wanted)
  }
  const optional = new Map<number, number>()
  for (const index of items.keys()) {
    const wanted = wholeNumber(form[`optional-${index}`])
    const quantity = lines.find((line) => line.optional === index)?.quantity ?? 0
    if (wanted !== undefined && wanted !== quantity) optional.set(index, wanted)
  }
  return amounts.size + quantities.size + optional.size === 0 ? null : { amounts, quantities, optional }
}

/** A quantity that was entered: NaN for what is none, undefined if there is no such field. */
function wholeNumber(value: unknown): number | undefined {
  if (value === undefined) return undefined
  return /^\d{1,6}$/.test(textOf(value)) ? Number(textOf(value)) : Number.NaN
}
