/**
 * JavaScript for the app's page: confirms intents, and opens the bank's page in a dialog if the card needs it.
 *
 * @see https://docs.stripe.com/js/payment_intents
 * @see https://docs.stripe.com/js/setup_intents
 */
export const CONFIRM = `
  const REFUSED = {
    type: 'invalid_request_error',
    code: 'payment_intent_authentication_failure',
    message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
  }

  /** Shows the bank's page until the cardholder has answered. Escape fails the authentication. */
  function askBank(intent) {
    return new Promise((resolve) => {
      const dialog = document.createElement('dialog')
      dialog.ariaLabel = 'Authentication'
      dialog.style.cssText = 'width: min(34rem, 92vw); padding: 0; border: 0; border-radius: 8px; outline: 0'
      const frame = frameOf('/authenticate/' + intent.id + '?frame=1&secret=' + encodeURIComponent(intent.secret), 'Authentication')
      frame.style.height = '420px'
      let isFailed = false
      const failIt = () => frame.contentWindow?.postMessage({ stripeSandbox: true, act: 'fail' }, base)
      const hear = ({ source, origin, data }) => {
        if (source !== frame.contentWindow || origin !== base || !data?.stripeSandbox) return
        // The page says its height when it has loaded, maybe after the key was pressed.
        isFailed ||= Boolean(data.escape)
        if (isFailed && !data.complete) failIt()
        if (data.height) frame.style.height = data.height + 'px'
        if (data.complete) close()
      }
      const close = () => {
        window.removeEventListener('message', hear)
        dialog.remove()
        resolve()
      }
      dialog.addEventListener('cancel', (event) => {
        event.preventDefault()
        isFailed = true
        failIt()
      })
      dialog.addEventListener('close', close) // Escape again, if the page does not load
      window.addEventListener('message', hear)
      document.body.append(dialog)
      // A dialog gives the focus to a frame in it, but a frame that still loads hears no key.
      dialog.showModal()
      dialog.append(frame)
    })
  }

  /** The result of an intent, after the cardholder's bank has been asked if necessary. */
  async function finish(key, intent, object) {
    if (object.status === 'requires_action') {
      await askBank(intent)
      const later = await retrieve(key, intent)
      if (later.error) return later
      object = later[intent.result]
    }
    if (['requires_payment_method', 'requires_action'].includes(object.status))
      return { error: { ...(object[intent.error] ?? REFUSED), [intent.name]: object } }
    return { [intent.result]: object }
  }

  async function confirm(key, intent, params, { handleActions = true } = {}) {
    const answer = await call(key, 'POST', intent.path + '/confirm', { ...params, client_secret: intent.secret })
    if (answer.error) return { error: answer.error }
    return handleActions ? finish(key, intent, answer) : { [intent.result]: answer }
  }

  /** Confirms with a payment Element: confirmPayment and confirmSetup. */
  async function confirmWith(key, caller, options = {}) {
    const { clientSecret, confirmParams = {}, redirect = 'always' } = options
    const group = groups.get(options.elements)
    const { payment_method_data, return_url, ...params } = confirmParams
    if (redirect === 'always' && typeof return_url !== 'string')
      fail('Missing value for ' + caller + ': confirmParams.return_url should be a url.')
    if (group?.isDeferred && !group.isSubmitted)
      fail('elements.submit() must be called before ' + caller + '.')
    const intent = intentOf(clientSecret ?? group?.secret, caller)
    const { error: incomplete, ...entered } = await enteredIn(group)
    if (incomplete) return { error: incomplete }
    const card = group?.card?.element
    const method = card
      ? await methodOf(key, { card, billing_details: { ...entered.billing_details, ...payment_method_data?.billing_details } }, caller)
      : { id: params.payment_method }
    if (method.error) return { error: method.error }
    const usage = intent.name === 'payment_intent' && method.usage ? { setup_future_usage: method.usage } : {}
    const outcome = await confirm(key, intent, { ...entered.shipping, ...usage, ...params, return_url, payment_method: method.id })
    if (outcome.error || redirect === 'if_required') return outcome
    const next = new URL(return_url)
    next.searchParams.set(intent.name, intent.id)
    next.searchParams.set(intent.name + '_client_secret', intent.secret)
    next.searchParams.set('redirect_status', 'succeeded')
    location.assign(next)
    return new Promise(() => undefined)
  }

  /** Confirms with a card Element: confirmCardPayment and confirmCardSetup. */
  async function confirmCard(key, caller, secret, { payment_method, payment_method_options: _options, ...params } = {}, options) {
    const intent = intentOf(secret, caller)
    const method = await methodOf(key, payment_method, caller)
    if (method.error) return { error: method.error }
    return confirm(key, intent, { ...params, payment_method: method.id }, options)
  }

  async function handleNextAction(key, caller, clientSecret) {
    const intent = intentOf(clientSecret, caller)
    const { error, ...found } = await retrieve(key, intent)
    if (error) return { error }
    const object = found[intent.result]
    if (object.status !== 'requires_action')
      fail(caller + ': The ' + intent.name + ' supplied is not in the requires_action state.')
    return finish(key, intent, object)
  }
`
