import type { PaymobSandbox } from '../src/index.ts'
import type { Json } from './receiver.ts'

export interface Answer {
  readonly status: number
  readonly body: Json
}

/** A merchant's program: the calls of the official collections. */
export class Merchant {
  readonly sandbox: PaymobSandbox
  /** Where it wants its callbacks. */
  readonly callbackUrl: string
  #token: string | null = null

  constructor(sandbox: PaymobSandbox, callbackUrl: string) {
    this.sandbox = sandbox
    this.callbackUrl = callbackUrl
  }

  /** A call with the secret key. */
  secret(method: string, path: string, body?: object): Promise<Answer> {
    return this.call(method, path, body, `Token ${this.sandbox.secretKey}`)
  }

  /** A call with an auth token. */
  async bearer(method: string, path: string, body?: object): Promise<Answer> {
    this.#token ??= String((await this.call('POST', '/api/auth/tokens', { api_key: this.sandbox.apiKey })).body.token)
    return this.call(method, path, body, `Bearer ${this.#token}`)
  }

  /** A call of the controls. */
  control(method: string, path: string, body: object = {}): Promise<Answer> {
    return this.call(method, path, method === 'GET' ? undefined : body)
  }

  async call(method: string, path: string, body?: object, authorization?: string): Promise<Answer> {
    const response = await fetch(this.sandbox.url + path, {
      method,
      headers: { 'content-type': 'application/json', ...(authorization && { authorization }) },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, body: text.startsWith('<') ? text : JSON.parse(text || 'null') }
  }

  plan(fields: object = {}): Promise<Answer> {
    return this.bearer('POST', '/api/acceptance/subscription-plans', {
      name: 'Pro',
      frequency: 30,
      amount_cents: 19_900,
      use_transaction_amount: true,
      number_of_deductions: null,
      reminder_days: null,
      retrial_days: 3,
      plan_type: 'rent',
      is_active: true,
      integration: this.sandbox.integrations.moto,
      webhook_url: this.callbackUrl,
      ...fields,
    })
  }

  intention(fields: object = {}): Promise<Answer> {
    const amount = 'amount' in fields ? fields.amount : 19_900
    return this.secret('POST', '/v1/intention/', {
      amount,
      currency: 'EGP',
      payment_methods: [this.sandbox.integrations.card],
      items: [{ name: 'Pro', amount, description: 'Pro', quantity: 1 }],
      billing_data: { first_name: 'Mona', last_name: 'Adel', email: 'mona@example.com', phone_number: '+201000000000' },
      notification_url: this.callbackUrl,
      redirection_url: 'http://127.0.0.1:1/return?from=paymob',
      ...fields,
    })
  }

  pay(intention: Answer, how: object = {}): Promise<Answer> {
    return this.control('POST', '/_/checkouts/pay', { clientSecret: intention.body.client_secret, ...how })
  }

  /** A subscription that has just begun. */
  async subscribe(plan: object = {}, how: object = {}): Promise<{ id: number; payment: Json }> {
    const { body } = await this.plan(plan)
    const paid = await this.pay(await this.intention({ subscription_plan_id: body.id }), how)
    const list = await this.bearer('GET', `/api/acceptance/subscriptions?transaction=${paid.body.transaction.id}`)
    return { id: list.body.results[0].id, payment: paid.body.transaction }
  }

  async subscription(id: number): Promise<Json> {
    return (await this.bearer('GET', `/api/acceptance/subscriptions/${id}`)).body
  }

  async payments(id: number): Promise<Json[]> {
    return (await this.bearer('GET', `/api/acceptance/subscriptions/${id}/transactions`)).body.results
  }
}
