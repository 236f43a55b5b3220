import { MISSING_ELEMENTS } from './element-types.ts'

/**
 * JavaScript for the app's page: a group of elements that belong to one payment.
 *
 * @see https://docs.stripe.com/js/elements_object
 */
export const ELEMENTS = `
  const MISSING_ELEMENTS = ${JSON.stringify(MISSING_ELEMENTS)}
  const groups = new WeakMap()
  const owners = new WeakMap()

  /** What the Payment Element shows of a customer: their saved cards, and what they may do with them. */
  async function savedOf(key, secret) {
    const { error, features, payment_methods } = await call(key, 'GET', 'elements/sessions', {
      customer_session_client_secret: secret,
    })
    return error ? { error } : { features, methods: payment_methods, secret }
  }

  function refuseElement(type, given, group) {
    if (!TYPES[type])
      fail(MISSING_ELEMENTS[type] ? 'The Stripe sandbox does not have the Element ' + type + '. ' + MISSING_ELEMENTS[type] : 'A valid Element name must be provided. You passed: ' + type + '.')
    if (type === 'currencySelector') fail('The Element ' + type + ' is for checkout sessions: see initCheckoutElementsSdk().')
    if (type === 'address' && !['billing', 'shipping'].includes(given.mode))
      fail('In order to create an address Element, you must specify a mode: billing or shipping.')
    if (type === 'paymentRequestButton' && !given.paymentRequest?.canMakePayment)
      fail('You must pass in a stripe.paymentRequest object in order to use this Element.')
    if (['payment', 'expressCheckout'].includes(type) && !group.secret && !group.isDeferred)
      fail('In order to create ' + (type === 'payment' ? 'a payment' : 'an expressCheckout') + ' Element, pass a clientSecret or a mode to stripe.elements().')
  }

  function elementsOf(key, options = {}) {
    if (options.clientSecret !== undefined) intentOf(options.clientSecret, 'elements()')
    const given = { ...options }
    const parts = new Map()
    const ends = []
    let saved
    const group = {
      secret: given.clientSecret, isSubmitted: false,
      delete: (type) => parts.delete(type),
      frameNames: () => [...parts.values()].map((part) => part.frameName()).filter(Boolean),
      saved() {
        const secret = given.customerSessionClientSecret
        return secret === undefined ? undefined : (saved ??= savedOf(key, secret))
      },
      get isDeferred() {
        return given.mode !== undefined
      },
      get theme() {
        return given.appearance?.theme
      },
      get setupFutureUsage() {
        return given.setupFutureUsage ?? given.setup_future_usage
      },
      get card() {
        return parts.get('payment') ?? parts.get('card') ?? parts.get('cardNumber')
      },
      get address() {
        return parts.get('address')
      },
      get email() {
        return parts.get('linkAuthentication') ?? parts.get('contactDetails')
      },
    }
    const elements = {
      create(type, its = {}) {
        refuseElement(type, its, group)
        if (parts.has(type)) fail('Can only create one Element of type ' + type + '.')
        const part = elementOf(key, type, { ...its }, group)
        parts.set(type, part)
        owners.set(part.element, part)
        return part.element
      },
      getElement: (type) => parts.get(type)?.element ?? null,
      async submit() {
        for (const part of [group.card, group.address, group.email, parts.get('taxId')]) {
          const { error } = part ? await part.ask('validate') : {}
          group.isSubmitted = !error
          if (error) return { error }
        }
        return { selectedPaymentMethod: 'card' }
      },
      async fetchUpdates() {
        if (!group.secret) return {}
        const { error } = await retrieve(key, intentOf(group.secret, 'fetchUpdates()'))
        return error ? { error: { message: error.message } } : {}
      },
      async update(changes = {}) {
        if (changes.clientSecret !== undefined) fail('elements.update(): the clientSecret can not be changed. Create new elements.')
        if (changes.mode !== undefined && !group.isDeferred) fail('elements.update(): mode is for elements without a clientSecret.')
        const isOther = (changes.customerSessionClientSecret ?? given.customerSessionClientSecret) !== given.customerSessionClientSecret
        Object.assign(given, changes)
        if (isOther) {
          saved = undefined
          await parts.get('payment')?.greet()
        }
        for (const part of parts.values()) part.show()
        for (const handler of [...ends]) handler()
      },
      on(name, handler) {
        if (name === 'update-end') ends.push(handler)
      },
    }
    groups.set(elements, group)
    return elements
  }
`
