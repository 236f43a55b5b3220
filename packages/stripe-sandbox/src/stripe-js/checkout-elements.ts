/**
 * JavaScript for the app's page: a checkout session whose page the app makes itself, of Elements and these actions.
 *
 * @see https://docs.stripe.com/js/custom_checkout
 */
export const CHECKOUT_ELEMENTS = `
  function checkoutElements(key, caller, { clientSecret, fetchClientSecret, defaultValues = {}, elementsOptions = {} } = {}) {
    const parts = new Map()
    const handlers = []
    let secret
    let last = null
    let isFilledIn = false
    let loading

    const say = (message, code = null) => ({ type: 'error', error: { message, code } })
    const session = () => ({ ...last.session, canConfirm: last.session.canConfirm && (!parts.has('payment') || isFilledIn) })
    const changed = () => {
      if (last) for (const handler of [...handlers]) handler(session())
    }
    /** Calls the sandbox, and keeps the session that it answers. */
    async function ask(method, path = '', params = {}) {
      const answer = await call(key, method, 'payment_pages/' + secret.split('_secret_')[0] + '/elements' + path, {
        ...{ client_secret: secret }, ...params,
      })
      if (answer.session) {
        last = answer
        changed()
      }
      const { error } = answer
      // An error of the call has a type, an error of the buyer has none.
      return { answer, error: error && (error.type ? say(error.message) : { type: 'error', error }) }
    }
    const update = async (params) => (await ask('POST', '', params)).error ?? { type: 'success', session: session() }
    const contact = (given) => given && { name: given.name, address: given.address }

    async function validate() {
      const failures = []
      for (const [name, part] of parts) {
        const { error } = await part.ask('validate')
        if (error) failures.push({ element: name, message: error.message })
      }
      return failures
    }

    async function confirm({ paymentMethod, redirect = 'always', returnUrl, email, billingAddress, shippingAddress } = {}) {
      let method = paymentMethod
      if (!method && last.needsCard) {
        const card = parts.get('payment')
        if (!card) return say('There is no Payment Element to confirm with.')
        const [failure] = await validate()
        if (failure) return say(failure.message)
        const { name, address } = billingAddress ?? session().billingAddress ?? {}
        const made = await card.ask('create', { billing_details: { name, email: email ?? session().email, address } })
        if (made.error) return say(made.error.message)
        method = made.paymentMethod.id
      }
      const given = { payment_method: method, email, billing_address: contact(billingAddress), shipping_address: contact(shippingAddress) }
      const { answer, error } = await ask('POST', '/confirm', given)
      if (error) return error
      if (answer.authenticate) {
        await askBank(answer.authenticate)
        const later = await ask('GET')
        if (later.error) return later.error
        if (last.session.status.type !== 'complete')
          return { type: 'error', error: { message: last.session.lastPaymentError?.message ?? REFUSED.message, code: 'paymentFailed', paymentFailed: { declineCode: null } } }
      }
      const next = returnUrl ?? last.returnUrl
      if (redirect === 'if_required' || !next) return { type: 'success', session: session() }
      location.assign(next)
      return new Promise(() => undefined)
    }

    const actions = {
      getSession: session,
      confirm,
      applyPromotionCode: (code) => update({ promotion_code: code }),
      removePromotionCode: () => update({ promotion_code: '' }),
      updateEmail: (email) => update({ email: email ?? '' }),
      updateBillingAddress: (given) => update({ billing_address: contact(given) }),
      updateShippingAddress: (given) => update({ shipping_address: contact(given) }),
      updateLineItemQuantity: ({ lineItem, quantity }) => update({ line_item: { id: lineItem, quantity } }),
      updateShippingOption: (id) => update({ shipping_option: id }),
      addOptionalLineItem(price) {
        const { quantity = 1 } = session().optionalItems.find(({ priceId }) => priceId === price) ?? {}
        return update({ optional_item: { price, quantity } })
      },
      removeOptionalLineItem: (price) => update({ optional_item: { price, quantity: 0 } }),
      async runServerUpdate(work) {
        try {
          await work()
        } catch (error) {
          return say(String(error?.message ?? error))
        }
        return (await ask('GET')).error ?? { type: 'success', session: session() }
      },
      async validateElements() {
        if (parts.size === 0) return { type: 'error', error: { code: 'no_elements', message: 'There are no Elements.', validation_errors: [] } }
        const validation_errors = await validate()
        return validation_errors.length === 0
          ? { type: 'success', session: session() }
          : { type: 'error', error: { code: 'validation_error', message: validation_errors[0].message, validation_errors } }
      },
      ...Object.fromEntries(['updatePhoneNumber', 'updateIndividualName', 'updateBusinessName', 'updateTaxIdInfo'].map((name) => [
        name, async () => say('The Stripe sandbox does not support ' + name + '() yet. Stripe.js does.'),
      ])),
    }

    async function load() {
      secret = await (clientSecret ?? fetchClientSecret?.())
      if (typeof secret !== 'string' || !/^cs_.+_secret_/.test(secret))
        return say('Invalid value for ' + caller + ': the client secret of a checkout session is needed.')
      const { error } = await ask('GET')
      if (error) return error
      const { billingAddress, email, shippingAddress } = defaultValues
      if (email && !session().email) await ask('POST', '', { email })
      if (billingAddress && !session().billingAddress) await ask('POST', '', { billing_address: contact(billingAddress) })
      if (shippingAddress && !session().shippingAddress) await ask('POST', '', { shipping_address: contact(shippingAddress) })
      return { type: 'success', actions }
    }

    function make(name, type, options = {}) {
      if (parts.has(name)) fail('Can only create one ' + name + ' Element.')
      const part = elementOf(key, type, { ...options }, { theme: elementsOptions.appearance?.theme, delete: () => parts.delete(name) })
      parts.set(name, part)
      part.element.on('change', ({ complete, value }) => {
        if (name === 'payment') {
          isFilledIn = complete
          changed()
        } else if (complete && last) void update({ [name === 'shippingAddress' ? 'shipping_address' : 'billing_address']: contact(value) })
      })
      return part.element
    }
    const lacks = (name) => () => fail('The Stripe sandbox does not support ' + name + '() yet. Stripe.js does.')
    const missing = ['ExpressCheckout', 'CurrencySelector', 'ContactDetails', 'TaxId', 'Terms', 'LinkSignup']
    const get = (name) => () => parts.get(name)?.element ?? null
    return {
      on(name, handler) {
        if (name === 'change') handlers.push(handler)
      },
      loadActions: () => (loading ??= load()),
      changeAppearance() {},
      loadFonts() {},
      createPaymentElement: (options) => make('payment', 'payment', options),
      createBillingAddressElement: (options) => make('billingAddress', 'address', { ...options, mode: 'billing' }),
      createShippingAddressElement: (options) => make('shippingAddress', 'address', { ...options, mode: 'shipping' }),
      getPaymentElement: get('payment'),
      getBillingAddressElement: get('billingAddress'),
      getShippingAddressElement: get('shippingAddress'),
      ...Object.fromEntries(missing.flatMap((name) => [
        ['create' + name + 'Element', lacks('create' + name + 'Element')],
        ['get' + name + 'Element', () => null],
      ])),
    }
  }
`
