/** A card whose payments succeed. */
export const GOOD_CARD = '4242424242424242'

/**
 * Fills in and submits the checkout page, as a browser without JavaScript would.
 *
 * @returns `location`: where the page redirects to, or null if the payment failed. `page`: the body of the answer.
 */
export async function payOnPage(
  checkoutUrl: string,
  card = GOOD_CARD,
): Promise<{ location: string | null; page: string }> {
  const page = await (await fetch(checkoutUrl)).text()
  const action = /<form[^>]*action="([^"]*)"/.exec(page)?.[1] ?? ''
  const fields = new URLSearchParams()
  for (const [, tag = ''] of page.matchAll(/<input([^>]*)>/g)) {
    const attribute = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(tag)?.[1]
    const name = attribute('name')
    if (name) fields.set(name, valueFor(attribute('autocomplete'), card) ?? attribute('value') ?? '')
  }
  for (const [, name = '', options = ''] of page.matchAll(/<select[^>]*name="([^"]*)"[^>]*>(.*?)<\/select>/gs)) {
    const chosen = /<option value="([^"]*)"\s+selected/.exec(options) ?? /<option value="([^"]*)"/.exec(options)
    fields.set(name, chosen?.[1] ?? '')
  }
  const response = await fetch(new URL(action.replaceAll('&amp;', '&'), checkoutUrl), {
    method: 'POST',
    body: fields,
    redirect: 'manual',
  })
  return { location: response.headers.get('location'), page: await response.text() }
}

function valueFor(autocomplete: string | undefined, card: string): string | undefined {
  switch (autocomplete) {
    case 'cc-number':
      return card
    case 'cc-exp':
      return '12 / 34'
    case 'cc-csc':
      return '123'
    case 'cc-name':
      return 'Ada Lovelace'
    case 'email':
      return 'payer@example.com'
    default:
      return undefined
  }
}
