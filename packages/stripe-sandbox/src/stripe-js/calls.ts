/** JavaScript for the app's page: calls of the API with a publishable key. Nothing rejects: an error is a result. */
export const CALLS = `
  const fail = (message) => {
    const error = new Error(message)
    error.name = 'IntegrationError'
    throw error
  }
  const put = (form, name, value) => {
    if (value === undefined || value === null) return
    if (typeof value !== 'object') form.append(name, String(value))
    else for (const [key, inner] of Object.entries(value)) put(form, name + '[' + key + ']', inner)
  }
  async function call(key, method, path, params) {
    const form = new URLSearchParams()
    for (const [name, value] of Object.entries(params)) put(form, name, value)
    const query = method === 'GET' ? '&' + form : ''
    try {
      const response = await fetch(base + '/v1/' + path + '?key=' + encodeURIComponent(key) + query, {
        method,
        signal: AbortSignal.timeout(60_000),
        ...(method === 'POST' && { body: form }),
      })
      return await response.json()
    } catch {
      return { error: { type: 'api_connection_error', message: 'The Stripe sandbox does not answer. Is it running?' } }
    }
  }

  /** The intent that a client secret belongs to: its path and its names. */
  function intentOf(secret, caller) {
    if (typeof secret !== 'string' || !/^(pi|seti)_.+_secret_/.test(secret))
      fail('Invalid value for ' + caller + ': the client secret of a PaymentIntent or SetupIntent is needed.')
    const id = secret.split('_secret_')[0]
    return secret.startsWith('pi_')
      ? { id, secret, path: 'payment_intents/' + id, name: 'payment_intent', result: 'paymentIntent', error: 'last_payment_error' }
      : { id, secret, path: 'setup_intents/' + id, name: 'setup_intent', result: 'setupIntent', error: 'last_setup_error' }
  }
  async function retrieve(key, intent) {
    const answer = await call(key, 'GET', intent.path, { client_secret: intent.secret })
    return answer.error ? answer : { [intent.result]: answer }
  }
`
