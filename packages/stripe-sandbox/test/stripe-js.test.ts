import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { MISSING_ELEMENTS, MISSING_FUNCTIONS } from '../src/stripe-js/element-types.ts'
import { STRIPE_JS } from '../src/stripe-js/stripe-js.routes.ts'
import { STRIPE_JS_NAMES } from './stripe-js-names.ts'

/** What the package's types don't have any more, and older frontends call. */
const OLDER = ['createSource', 'initCheckout', 'initEmbeddedCheckout', 'redirectToCheckout', 'retrieveSource']
/** What wrappers call: `@stripe/react-stripe-js` does. */
const UNDECLARED = ['_registerWrapper']

type Call = (...given: unknown[]) => unknown
type Elements = { create(type: string, options: object): object }

/** The stand-in, in a page that shows nothing yet. */
function load(page: object = {}): Record<string, Call> {
  const window: { Stripe?: (key: string) => Record<string, Call> } = { ...page }
  runInNewContext(STRIPE_JS, {
    ...{ window, document: { currentScript: { src: 'http://127.0.0.1:3002/v3/' } }, URL, URLSearchParams, AbortSignal },
    fetch: async () => Response.json({ session: {} }),
    ...page,
  })
  if (!window.Stripe) throw new Error('The stand-in has no Stripe.')
  return window.Stripe('pk_test_sandbox')
}

test('it has each function that the types of @stripe/stripe-js have, or says why not', () => {
  const stripe = load()
  expect(Object.keys(stripe).toSorted()).toEqual([...STRIPE_JS_NAMES.functions, ...OLDER, ...UNDECLARED].toSorted())
  for (const [name, why] of Object.entries(MISSING_FUNCTIONS))
    expect(stripe[name]).toThrow(`The Stripe sandbox does not have stripe.${name}(). ${why}`)
})

test('it has each Element that the types have, or says why not', () => {
  const elements = load()['elements']?.({ mode: 'payment', amount: 100, currency: 'usd' }) as Elements
  const options = { mode: 'billing', paymentRequest: { canMakePayment: () => null } }
  const lacking = STRIPE_JS_NAMES.elements.filter((type) => {
    try {
      return !elements.create(type, options)
    } catch (error) {
      expect(String(error)).toContain(MISSING_ELEMENTS[type] ?? 'for checkout sessions')
      return true
    }
  })
  expect(lacking.toSorted()).toEqual([...Object.keys(MISSING_ELEMENTS), 'currencySelector'].toSorted())
  expect(() => elements.create('payment', {})).toThrow('Can only create one Element of type payment.')
  expect(() => elements.create('fancy', {})).toThrow('A valid Element name must be provided. You passed: fancy.')
})

test('a checkout session on the page of the app has everything that the types have', async () => {
  const checkout = load()['initCheckoutElementsSdk']?.({ clientSecret: 'cs_test_1_secret_2' }) as Record<string, Call>
  expect(STRIPE_JS_NAMES.checkout.filter((name) => typeof checkout[name] !== 'function')).toEqual([])
  const loaded = (await checkout['loadActions']?.()) as { actions: Record<string, Call> }
  expect(Object.keys(loaded.actions).toSorted()).toEqual(STRIPE_JS_NAMES.actions)
})

test('a tax ID that the session refuses stops the payment, and a cleared one is removed from the session', async () => {
  const base = 'http://127.0.0.1:3002'
  let hear: Call = () => undefined
  const tell = (data: object) =>
    hear({ source: frame.contentWindow, origin: base, data: { stripeSandbox: true, ...data } })
  const postMessage = ({ act, id }: { act?: string; id?: number }) => act === 'validate' && tell({ answer: id })
  const frame = { style: {}, contentWindow: { postMessage } }
  const sent: unknown[] = []
  const stripe = load({
    addEventListener: (_type: string, listener: Call) => (hear = listener),
    document: { currentScript: { src: `${base}/v3/` }, createElement: () => frame },
    setTimeout,
    fetch: async (_url: string, { body }: { body?: URLSearchParams }) => {
      const taxId = body?.get('tax_id[value]') ?? body?.get('tax_id')
      if (body) sent.push(taxId)
      return Response.json(taxId === 'DE1' ? { error: { message: 'Your tax ID is invalid.' } } : { session: {} })
    },
  })
  const checkout = stripe['initCheckoutElementsSdk']?.({ clientSecret: 'cs_test_1_secret_2' }) as Record<string, Call>
  const loaded = (await checkout['loadActions']?.()) as { actions: Record<string, Call> }
  const validate = async () => loaded.actions['validateElements']?.()
  const element = checkout['createTaxIdElement']?.() as Record<string, Call>
  element['mount']?.({ replaceChildren: () => undefined })
  tell({ event: 'ready' })
  const type = (taxId: string) =>
    tell({ event: 'change', detail: { complete: taxId !== '', value: { taxId, taxIdType: 'eu_vat' } } })
  type('DE1')
  expect(await validate()).toHaveProperty('error.message', 'Your tax ID is invalid.')
  type('')
  expect(await validate()).toHaveProperty('type', 'success')
  expect(sent).toEqual(['DE1', ''])
})

test('there are no wallets: a payment request can make no payment, and says what is wrong with it', async () => {
  const request = load()['paymentRequest']
  const total = { label: 'Mug', amount: 2500 }
  const made = request?.({ country: 'US', currency: 'usd', total }) as { canMakePayment: () => Promise<unknown> }
  expect(await made.canMakePayment()).toBeNull()
  expect(() => request?.({ country: 'US', currency: 'usd' })).toThrow('total should be')
})

test('the README names what is missing, and why', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const reasons = new Map<string, string[]>()
  const missing = [
    ...Object.entries(MISSING_FUNCTIONS).map(([name, why]) => [`\`${name}\``, why] as const),
    ...Object.entries(MISSING_ELEMENTS).map(([type, why]) => [`the Element \`${type}\``, why] as const),
  ]
  for (const [name, why] of missing) reasons.set(why, [...(reasons.get(why) ?? []), name])
  const rows = [...reasons].map(([why, names]) => `| ${why} | ${names.join(', ')} |`)
  expect(readme).toContain(`| Why | What |\n|---|---|\n${rows.join('\n')}\n`)
})
