/**
 * JavaScript for the app's page: makes payment methods, tokens and confirmation tokens from what was entered in Elements.
 *
 * @see https://docs.stripe.com/js/payment_methods
 * @see https://docs.stripe.com/js/confirmation_tokens
 * @see https://docs.stripe.com/js/tokens
 */
export const CREATE = `
  /** A payment method of the card in an Element, or an id as it is. */
  async function methodOf(key, given, caller) {
    if (given === undefined || typeof given === 'string') return { id: given }
    const { card, billing_details } = given
    if (card?.token) {
      const made = await call(key, 'POST', 'payment_methods', { type: 'card', card: { token: card.token }, billing_details })
      return made.error ? made : { id: made.id, paymentMethod: made }
    }
    const part = owners.get(card)
    if (!part) fail('Invalid value for ' + caller + ': card should be a card Element.')
    const { error, paymentMethod, usage } = await part.ask('create', { billing_details })
    return error ? { error } : { id: paymentMethod.id, paymentMethod, usage }
  }

  /** What the other Elements have: where to ship, whose card it is, and their email. */
  async function enteredIn(group) {
    const entered = {}
    const details = {}
    for (const part of [group?.email, group?.address]) {
      if (!part) continue
      const { error } = await part.ask('validate')
      if (error) return { error }
      const { address, email, name, phone } = (await part.ask('value')).value
      if (part === group.email) details.email = email
      else {
        const given = { name, ...(phone && { phone }), address }
        if (part.mode === 'shipping') entered.shipping = { shipping: given }
        else Object.assign(details, given)
      }
    }
    return { ...entered, ...(Object.keys(details).length > 0 && { billing_details: details }) }
  }

  /** What was entered in Elements, for the app's server to confirm an intent with. */
  async function createConfirmationToken(key, { elements, params = {} } = {}) {
    const group = groups.get(elements)
    const card = group?.card?.element
    if (!card) fail('stripe.createConfirmationToken() needs elements with a payment Element.')
    if (group.isDeferred && !group.isSubmitted)
      fail('elements.submit() must be called before stripe.createConfirmationToken().')
    const { error: incomplete, ...entered } = await enteredIn(group)
    if (incomplete) return { error: incomplete }
    const { payment_method_data, ...given } = params
    const billing_details = { ...entered.billing_details, ...payment_method_data?.billing_details }
    const made = await methodOf(key, { card, billing_details }, 'stripe.createConfirmationToken()')
    if (made.error) return { error: made.error }
    const setup_future_usage = group.setupFutureUsage ?? made.usage
    const token = await call(key, 'POST', 'confirmation_tokens', {
      ...entered.shipping, ...given, payment_method: made.id, ...(setup_future_usage && { setup_future_usage }),
    })
    return token.error ? { error: token.error } : { confirmationToken: token }
  }

  async function createPaymentMethod(key, given = {}) {
    const part = given.elements ? groups.get(given.elements)?.card : owners.get(given.element ?? given.card)
    if (!part && !given.card?.token) fail('stripe.createPaymentMethod() needs elements, or a card Element.')
    const { billing_details = given.billing_details } = given.params ?? {}
    const made = await methodOf(key, { card: part?.element ?? given.card, billing_details }, 'stripe.createPaymentMethod()')
    return made.error ? { error: made.error } : { paymentMethod: made.paymentMethod }
  }

  /** A token of the card in an Element, from which the app's server makes a payment method. */
  async function createToken(key, given, { currency, name, ...address } = {}) {
    if (typeof given === 'string') fail('The Stripe sandbox does not support stripe.createToken(' + given + '). It has only tokens of cards.')
    const part = owners.get(given)
    if (!part) fail('You must provide a Stripe Element or a valid token type to create a Token.')
    const { error, token } = await part.ask('token', { details: { currency, name, ...address } })
    return error ? { error } : { token }
  }
`
