/**
 * JavaScript for the app's page: the older button for wallets. The sandbox has no wallets, so `canMakePayment()` answers
 * null, as in most browsers.
 *
 * @see https://docs.stripe.com/js/payment_request
 */
export const PAYMENT_REQUEST = `
  function paymentRequest({ country, currency, total } = {}) {
    const wants = (name, what) => fail('Invalid value for paymentRequest(): ' + name + ' should be ' + what + '.')
    if (!/^[A-Z]{2}$/.test(country)) wants('country', 'a two-letter country code, such as US')
    if (!/^[a-z]{3}$/.test(currency)) wants('currency', 'a three-letter currency code in lower case, such as usd')
    if (!Number.isInteger(total?.amount) || typeof total.label !== 'string')
      wants('total', 'an object with an amount and a label')
    const request = {
      canMakePayment: async () => null,
      isShowing: () => false,
      show: () => fail('show() can be called only after canMakePayment() has found a wallet.'),
      abort() {},
      update() {},
      on: () => request,
      once: () => request,
      off: () => request,
    }
    return request
  }
`
