import { ELEMENT_TYPES } from './element-types.ts'

/**
 * JavaScript for the app's page: one element, with a frame of the sandbox that has its fields. The app's page never sees
 * the card.
 *
 * @see https://docs.stripe.com/js/element
 */
export const ELEMENT = `
  const TYPES = ${JSON.stringify(ELEMENT_TYPES)}
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

  const CHANGE = { payment: () => ({ collapsed: false }), address: ({ mode }) => ({ elementMode: mode }) }
  const READY = { expressCheckout: { availablePaymentMethods: undefined } }

  function elementOf(key, type, options, group) {
    const { title, height } = TYPES[type]
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
      if (data.hello) void greet()
      if (data.answer) answers.get(data.answer)?.(data)
      if (data.event === 'ready') isReady()
      if (data.event) emit(data.event, { ...data.detail, ...(data.event === 'change' && CHANGE[type]?.(options)) })
    }
    const show = (more) => {
      if (frame) frame.style.colorScheme = group.theme === 'night' ? 'dark' : 'normal'
      send({ options: shownOptions(options), theme: group.theme ?? 'stripe', ...more })
    }
    async function greet() {
      const saved = type === 'payment' ? await group.saved?.() : undefined
      if (saved?.error) emit('loaderror', { error: saved.error })
      show({ first: true, saved: saved?.error ? undefined : saved })
    }
    const leave = () => {
      window.removeEventListener('message', hear)
      frame?.remove()
      frame = null
    }
    /** An Element that shows nothing, such as the one for wallets, is ready at once. */
    const mountNothing = () => {
      const nothing = document.createElement('div')
      frame = nothing
      if (type !== 'paymentRequestButton') setTimeout(() => frame === nothing && emit('ready', READY[type]))
    }
    const element = {
      mount(place) {
        if (isDestroyed) fail('This Element has already been destroyed. Please create a new one.')
        const parent = placeOf(place)
        if (!frame && !title) mountNothing()
        if (!frame) {
          frame = frameOf('/elements/' + type, title)
          if (group.theme === 'night') frame.style.colorScheme = 'dark'
          frame.style.height = height + 'px'
          ready = new Promise((resolve) => (isReady = resolve))
          window.addEventListener('message', hear)
          setTimeout(() => frame && emit('loaderstart'))
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
        show()
        return element
      },
      focus: () => send({ act: 'focus' }),
      blur: () => send({ act: 'blur' }),
      clear: () => send({ act: 'clear' }),
      collapse: () => element,
      ...((type === 'address' || type === 'taxId') && {
        async getValue() {
          const { id: _id, answer: _answer, stripeSandbox: _ours, error, ...found } = await ask('value')
          if (error) fail(error.message)
          return found
        },
      }),
    }
    /** Asks the frame for something, such as a payment method of the card in it. */
    async function ask(act, more) {
      if (!frame) return { error: { type: 'validation_error', message: 'The ' + type + ' Element is not mounted.' } }
      await ready
      const id = (asked += 1)
      const answer = new Promise((resolve) => answers.set(id, resolve))
      send({ act, id, siblings: group.frameNames?.(), ...more })
      return answer.finally(() => answers.delete(id))
    }
    async function checkIntent() {
      if (!group.secret) return
      const { error } = await retrieve(key, intentOf(group.secret, 'elements()'))
      if (error) emit('loaderror', { error })
    }
    return { element, ask, greet, show, hasFields: Boolean(title), mode: options.mode, frameName: () => frame?.name }
  }

  /** The options of an element that its frame shows. */
  const shownOptions = ({ allowedCountries, defaultValues, disabled, display, fields, hidePostalCode, mode, readOnly, validation, value }) => ({
    allowedCountries, defaultValues, display, fields, hidePostalCode, mode, validation, value, disabled: Boolean(disabled || readOnly),
  })
`
