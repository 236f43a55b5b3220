/** The keys of a Paymob account, as the server's settings have them. */
export interface Keys {
  readonly url: string
  readonly secretKey: string
  readonly publicKey: string
  readonly apiKey: string
  readonly card: number
  readonly moto: number
  readonly callbackUrl: string
}

/**
 * Reads the keys from the server's settings: `PAYMOB_SECRET_KEY` and so on.
 *
 * @throws {Error} if one is missing, or if a key is not a test key.
 */
export function readKeys(env: NodeJS.ProcessEnv): Keys {
  const missing: string[] = []
  const read = (name: string): string => {
    const value = env[name] ?? ''
    if (value === '') missing.push(name)
    return value
  }
  const keys = {
    url: (env['PAYMOB_URL'] || 'https://accept.paymob.com').replace(/\/+$/, ''),
    secretKey: read('PAYMOB_SECRET_KEY'),
    publicKey: read('PAYMOB_PUBLIC_KEY'),
    apiKey: read('PAYMOB_API_KEY'),
    card: Number(read('PAYMOB_INTEGRATION_3DS')),
    moto: Number(read('PAYMOB_INTEGRATION_MOTO')),
    callbackUrl: `${read('API_URL').replace(/\/+$/, '')}/billing/paymob/callback`,
  }
  if (missing.length > 0) throw new Error(`Set ${missing.join(', ')}.`)
  if (![keys.secretKey, keys.publicKey].every((key) => key.includes('_test_')))
    throw new Error('The comparison makes payments, so it accepts only test keys (…_sk_test_…, …_pk_test_…).')
  return keys
}

export interface Answer {
  readonly status: number
  readonly body: Record<string, unknown>
}

/** Calls of an account. A refusal is an answer, too. */
export class Account {
  readonly keys: Keys
  #token: string | null = null

  constructor(keys: Keys) {
    this.keys = keys
  }

  /** @returns the token's answer, which has the merchant's profile. */
  async logIn(): Promise<Answer> {
    const answer = await this.#call('POST', '/api/auth/tokens', '', { api_key: this.keys.apiKey })
    this.#token = typeof answer.body['token'] === 'string' ? answer.body['token'] : null
    return answer
  }

  /** A call with the secret key. */
  secret(method: string, path: string, body: object): Promise<Answer> {
    return this.#call(method, path, `Token ${this.keys.secretKey}`, body)
  }

  /** A call with the token that the API key was exchanged for. */
  async bearer(method: string, path: string, body?: object): Promise<Answer> {
    if (this.#token === null) await this.logIn()
    return this.#call(method, path, `Bearer ${this.#token}`, body)
  }

  /** A call without a key. */
  open(method: string, path: string, body?: object): Promise<Answer> {
    return this.#call(method, path, '', body)
  }

  async #call(method: string, path: string, authorization: string, body?: object): Promise<Answer> {
    const response = await fetch(this.keys.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(authorization !== '' && { authorization }) },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    })
    const text = await response.text()
    try {
      return { status: response.status, body: JSON.parse(text) as Record<string, unknown> }
    } catch {
      return { status: response.status, body: { text: text.slice(0, 200) } }
    }
  }
}

/** The list in an answer: Paymob's lists come in pages, or plain. */
export function listIn({ body }: Answer): Record<string, unknown>[] {
  const list: unknown = Array.isArray(body) ? body : body['results']
  return Array.isArray(list) ? (list as Record<string, unknown>[]) : []
}
