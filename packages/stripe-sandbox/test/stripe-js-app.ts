import type { Browser, Page } from 'playwright-core'
import type Stripe from 'stripe'
import { startEndpoint } from './webhook-receiver.ts'

/** An app with one page, which has the stand-in for Stripe.js, and a script that each test writes. */
export class StripeJsApp {
  readonly url: string
  readonly #close: () => Promise<void>
  readonly #show: (script: string) => Promise<Page>

  private constructor(url: string, show: (script: string) => Promise<Page>, close: () => Promise<void>) {
    this.url = url
    this.#show = show
    this.#close = close
  }

  static async start(chromium: Browser, sandboxUrl: string): Promise<StripeJsApp> {
    let page = ''
    const server = await startEndpoint((response) => {
      response.setHeader('content-type', 'text/html')
      response.end(page)
    })
    const show = async (script: string): Promise<Page> => {
      page = `<!doctype html><title>Shop</title><main><h1>Shop</h1><div id="place"></div>
<button id="pay">Pay</button><p id="said"></p></main><script src="${sandboxUrl}/v3/"></script><script type="module">
const stripe = Stripe('pk_test_sandbox')
const say = (what) => (document.querySelector('#said').textContent = JSON.stringify(what))
const onPay = (act) => document.querySelector('#pay').addEventListener('click', () => act().catch((error) => say(error.message)))
${script}</script>`
      const tab = await (await chromium.newContext()).newPage()
      tab.setDefaultTimeout(20_000)
      await tab.goto(server.url)
      return tab
    }
    return new StripeJsApp(server.url, show, () => server[Symbol.asyncDispose]())
  }

  /** Opens the page in a new window. */
  open(script: string): Promise<Page> {
    return this.#show(script)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#close()
  }
}

/** A customer session's features with which a customer sees, saves and removes cards. */
export const ALL_FEATURES: Stripe.CustomerSessionCreateParams.Components.PaymentElement.Features = {
  payment_method_redisplay: 'enabled',
  payment_method_remove: 'enabled',
  payment_method_save: 'enabled',
  payment_method_save_usage: 'off_session',
}

/** Fills in a Payment Element, by the names that Stripe's own frame has. */
export async function fillIn(tab: Page, number: string, expiry = '12 / 34'): Promise<void> {
  const frame = tab.frameLocator('iframe[title="Secure payment input frame"]')
  const fields = { number, expiry, cvc: '123', postalCode: '94103' }
  for (const [name, text] of Object.entries(fields)) await frame.locator(`#Field-${name}Input`).fill(text)
}

/** What the app's page said last, once it is about this. */
export async function said(tab: Page, about: string): Promise<unknown> {
  await tab.locator('#said', { hasText: about }).waitFor()
  return JSON.parse(await tab.locator('#said').innerText())
}
