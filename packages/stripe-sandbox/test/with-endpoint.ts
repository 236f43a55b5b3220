import Stripe from 'stripe'
import { TestSandbox } from './test-sandbox.ts'
import { startReceiver, type Received } from './webhook-receiver.ts'

export const SECRET = 'whsec_test_secret'

/** A sandbox with one webhook endpoint, which answers as `answer` says. */
export async function withEndpoint(answer?: (call: number) => number) {
  const receiver = await startReceiver(answer)
  const it = await TestSandbox.start({ webhookEndpoints: [{ url: receiver.url, secret: SECRET }] })
  return {
    it,
    receiver,
    /** Creates a customer and waits until the event is delivered, or has failed. */
    async deliverAnEvent(params: Stripe.CustomerCreateParams = {}) {
      await it.stripe.customers.create(params)
      await it.sandbox.drained()
    },
    async [Symbol.asyncDispose]() {
      await it[Symbol.asyncDispose]()
      await receiver[Symbol.asyncDispose]()
    },
  }
}

/** The event of a delivery, after the official package has checked the signature. */
export const verify = ({ body, headers }: Received, secret: string) =>
  new Stripe('sk_test_x').webhooks.constructEvent(body, String(headers['stripe-signature']), secret)
