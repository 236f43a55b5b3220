/**
 * JavaScript for the app's page: a checkout session whose page the app makes itself, of Elements and these actions.
 *
 * @see https://docs.stripe.com/js/custom_checkout
 */
export const CHECKOUT_ELEMENTS = `
  function checkoutElements(key, caller, { clientSecret, fetchClientSecret, defaultValues = {}, elementsOptions = {} } = {}) {
    const parts = new Map()
    /** What the session says about the last value of each Element. */
    const kept = new Map()
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
    const taxId = ({ type, value }, businessName) => ({ type, value, ...(businessName && { business_name: businessName }) })
    const contact = (given) => given && { name: given.name, address: given.address }

    async function validate() {
      const failures = []
      for (const [name, part] of parts) {
        if (!part.hasFields) continue
        const { error } = await part.ask('validate')
        const problem = error ?? (await kept.get(name))?.error
        if (problem) failures.push({ element: name, message: problem.message })
      }
      return failures
    }

    async function confirm({ paymentMethod, redirect = 'always', returnUrl, email, phoneNumber, billingAddress, shippingAddress } = {}) {
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
      const given = { payment_method: method, email, phone: phoneNumber, billing_address: contact(billingAddress), shipping_address: contact(shippingAddress) }
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
      updatePhoneNumber: (phone) => update({ phone: phone ?? '' }),
      updateTaxIdInfo: (given) => update({ tax_id: given ? taxId(given.taxId, given.businessName) : '' }),
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
      ...Object.fromEntries(['updateIndividualName', 'updateBusinessName'].map((name) => [
        name, async () => say('The Stripe sandbox does not have ' + name + '(). Names are part of the addresses.'),
      ])),
    }

    async function load() {
      secret = await (clientSecret ?? fetchClientSecret?.())
      if (typeof secret !== 'string' || !/^cs_.+_secret_/.test(secret))
        return say('Invalid value for ' + caller + ': the client secret of a checkout session is needed.')
      const { error } = await ask('GET')
      if (error) return error
      const { billingAddress, email, phoneNumber, shippingAddress } = defaultValues
      if (phoneNumber && !session().phoneNumber) await ask('POST', '', { phone: phoneNumber })
      if (email && !session().email) await ask('POST', '', { email })
      if (billingAddress && !session().billingAddress) await ask('POST', '', { billing_address: contact(billingAddress) })
      if (shippingAddress && !session().shippingAddress) await ask('POST', '', { shipping_address: contact(shippingAddress) })
      return { type: 'success', actions }
    }

    /** The saved cards of the session's customer. */
    async function saved() {
      await (loading ??= load())
      const methods = (elementsOptions.savedPaymentMethod?.enableRedisplay !== 'never' && last?.session.savedPaymentMethods) || []
      return {
        features: {},
        methods: methods.map(({ id, card: { brand, expMonth, expYear, last4 }, billingDetails }) => ({
          id, card: { brand, last4, exp_month: expMonth, exp_year: expYear }, billing_details: billingDetails,
        })),
      }
    }
    let { theme } = elementsOptions.appearance ?? {}
    const FOUND = {
      billingAddress: ({ value }) => ({ billing_address: contact(value) }),
      shippingAddress: ({ value }) => ({ shipping_address: contact(value) }),
      contactDetails: ({ value }) => ({ email: value.email }),
      taxId: ({ value }) => ({ tax_id: value.taxId ? taxId({ type: value.taxIdType, value: value.taxId }, value.businessName) : '' }),
    }
    function make(name, type, options = {}) {
      if (parts.has(name)) fail('Can only create one ' + name + ' Element.')
      const group = { saved, delete: () => parts.delete(name), get theme() { return theme } }
      const part = elementOf(key, type, { ...options }, group)
      parts.set(name, part)
      kept.delete(name)
      part.element.on('change', (event) => {
        if (name === 'payment') {
          isFilledIn = event.complete
          changed()
        } else if (last && (event.complete || event.value?.taxId === '')) kept.set(name, update(FOUND[name](event)))
      })
      return part.element
    }
    const lacks = (name) => () => fail('The Stripe sandbox does not have ' + name + '(). Stripe has it in beta only.')
    const missing = ['Terms', 'LinkSignup']
    const get = (name) => () => parts.get(name)?.element ?? null
    return {
      on(name, handler) {
        if (name === 'change') handlers.push(handler)
      },
      loadActions: () => (loading ??= load()),
      changeAppearance(appearance) {
        theme = appearance?.theme
        for (const part of parts.values()) part.show()
      },
      loadFonts() {},
      createPaymentElement: (options) => make('payment', 'payment', options),
      createContactDetailsElement: (options) => make('contactDetails', 'contactDetails', options),
      createTaxIdElement: (options) => make('taxId', 'taxId', options),
      createExpressCheckoutElement: (options) => make('expressCheckout', 'expressCheckout', options),
      createCurrencySelectorElement: (options) => make('currencySelector', 'currencySelector', options),
      createBillingAddressElement: (options) => make('billingAddress', 'address', { ...options, mode: 'billing' }),
      createShippingAddressElement: (options) => make('shippingAddress', 'address', { ...options, mode: 'shipping' }),
      getPaymentElement: get('payment'),
      getContactDetailsElement: get('contactDetails'),
      getTaxIdElement: get('taxId'),
      getExpressCheckoutElement: get('expressCheckout'),
      getCurrencySelectorElement: get('currencySelector'),
      getBillingAddressElement: get('billingAddress'),
      getShippingAddressElement: get('shippingAddress'),
      ...Object.fromEntries(missing.flatMap((name) => [
        ['create' + name + 'Element', lacks('create' + name + 'Element')],
        ['get' + name + 'Element', () => null],
      ])),
    }
  }
`
