/**
 * JavaScript for the app's page: elements, each with a frame of the sandbox that has the card's fields. The app's page
 * never sees the card.
 *
 * @see https://docs.stripe.com/js/elements_object
 */
export const ELEMENTS = `
  let frames = 0
  function frameOf(path, title) {
    const frame = document.createElement('iframe')
    frames += 1
    frame.src = base + path
    frame.title = title
    frame.name = '__privateStripeFrame' + frames
    frame.style.cssText = 'border: 0; width: 100%; display: block; color-scheme: normal'
    return frame
  }
  function placeOf(place) {
    const element = typeof place === 'string' ? document.querySelector(place) : place
    if (!element) fail('There is no element for the selector ' + place + '.')
    return element
  }

  const TITLES = {
    ...{ payment: 'Secure payment input frame', card: 'Secure card payment input frame' },
    address: 'Secure address input frame',
  }

  const CHANGE = { payment: () => ({ collapsed: false }), address: ({ mode }) => ({ elementMode: mode }) }

  function elementOf(key, type, options, group) {
    const handlers = new Map()
    const emit = (name, event = {}) => {
      for (const handler of [...(handlers.get(name) ?? [])]) handler({ elementType: type, ...event })
    }
    let frame = null
    let isDestroyed = false
    let ready
    let isReady
    let asked = 0
    const answers = new Map()
    const send = (message) => frame?.contentWindow?.postMessage({ stripeSandbox: true, key, ...message }, base)
    const hear = ({ source, origin, data }) => {
      if (!frame || source !== frame.contentWindow || origin !== base || !data?.stripeSandbox) return
      if (data.height) frame.style.height = data.height + 'px'
      if (data.hello) send({ options: shownOptions(options), theme: group.theme, first: true })
      if (data.answer) answers.get(data.answer)?.(data)
      if (data.event === 'ready') isReady()
      if (data.event) emit(data.event, { ...data.detail, ...(data.event === 'change' && CHANGE[type]?.(options)) })
    }
    const leave = () => {
      window.removeEventListener('message', hear)
      frame?.remove()
      frame = null
    }
    const element = {
      mount(place) {
        if (isDestroyed) fail('This Element has already been destroyed. Please create a new one.')
        const parent = placeOf(place)
        if (!frame) {
          frame = frameOf('/elements/' + type, TITLES[type])
          if (group.theme === 'night') frame.style.colorScheme = 'dark'
          frame.style.height = { card: '40px', payment: '230px' }[type] ?? '420px'
          ready = new Promise((resolve) => (isReady = resolve))
          window.addEventListener('message', hear)
          void checkIntent()
        }
        parent.replaceChildren(frame)
      },
      unmount: leave,
      destroy() {
        isDestroyed = true
        group.delete(type)
        leave()
      },
      on(name, handler) {
        handlers.set(name, [...(handlers.get(name) ?? []), handler])
        return element
      },
      once(name, handler) {
        const first = (event) => {
          element.off(name, first)
          handler(event)
        }
        return element.on(name, first)
      },
      off(name, handler) {
        handlers.set(name, handler ? (handlers.get(name) ?? []).filter((each) => each !== handler) : [])
        return element
      },
      update(changes = {}) {
        Object.assign(options, changes)
        send({ options: shownOptions(options) })
        return element
      },
      focus: () => send({ act: 'focus' }),
      blur: () => send({ act: 'blur' }),
      clear: () => send({ act: 'clear' }),
      collapse: () => element,
      ...(type === 'address' && {
        async getValue() {
          const { complete, isNewAddress, value, error } = await ask('value')
          if (error) fail(error.message)
          return { complete, isNewAddress, value }
        },
      }),
    }
    /** Asks the frame for something, such as a payment method of the card in it. */
    async function ask(act, more) {
      if (!frame) return { error: { type: 'validation_error', message: 'The ' + type + ' Element is not mounted.' } }
      await ready
      const id = (asked += 1)
      const answer = new Promise((resolve) => answers.set(id, resolve))
      send({ act, id, ...more })
      return answer.finally(() => answers.delete(id))
    }
    async function checkIntent() {
      if (!group.secret) return
      const { error } = await retrieve(key, intentOf(group.secret, 'elements()'))
      if (error) emit('loaderror', { error })
    }
    return { element, ask, mode: options.mode }
  }

  /** The options of an element that its frame shows. */
  const shownOptions = ({ allowedCountries, defaultValues, disabled, display, fields, hidePostalCode, mode, readOnly, value }) => ({
    allowedCountries, defaultValues, display, fields, hidePostalCode, mode, value, disabled: Boolean(disabled || readOnly),
  })

  const groups = new WeakMap()
  const owners = new WeakMap()
  function elementsOf(key, options = {}) {
    if (options.clientSecret !== undefined) intentOf(options.clientSecret, 'elements()')
    const parts = new Map()
    const group = {
      secret: options.clientSecret, isDeferred: options.mode !== undefined, isSubmitted: false,
      theme: options.appearance?.theme,
      setupFutureUsage: options.setupFutureUsage ?? options.setup_future_usage,
      delete: (type) => parts.delete(type),
      get card() {
        return parts.get('payment') ?? parts.get('card')
      },
      get address() {
        return parts.get('address')
      },
    }
    const elements = {
      create(type, given = {}) {
        if (!TITLES[type])
          fail('The Stripe sandbox does not support the Element ' + type + ' yet. Stripe.js does.')
        if (parts.has(type)) fail('Can only create one Element of type ' + type + '.')
        if (type === 'address' && !['billing', 'shipping'].includes(given.mode))
          fail('In order to create an address Element, you must specify a mode: billing or shipping.')
        if (type === 'payment' && !group.secret && !group.isDeferred)
          fail('In order to create a payment Element, pass a clientSecret or a mode to stripe.elements().')
        const part = elementOf(key, type, { ...given }, group)
        parts.set(type, part)
        owners.set(part.element, part)
        return part.element
      },
      getElement: (type) => parts.get(type)?.element ?? null,
      async submit() {
        for (const part of [group.card, group.address]) {
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
      async update() {},
    }
    groups.set(elements, group)
    return elements
  }
`
