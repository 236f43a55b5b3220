/** Opens and submits hosted pages as a browser without JavaScript does. It doesn't follow redirects. */
export class Browser {
  async open(url: string): Promise<Page> {
    return pageOf(await fetch(url, { redirect: 'manual' }), url)
  }

  /** Fills in a page's form and submits it. */
  async submit(page: Page, fields: Record<string, string>, button?: { name: string; value: string }): Promise<Page> {
    const action = new URL(page.action ?? page.url, page.url).href
    const body = new URLSearchParams({ ...page.fields, ...fields, ...(button && { [button.name]: button.value }) })
    return pageOf(await fetch(action, { method: 'POST', redirect: 'manual', body }), action)
  }

  /** Pays a checkout page with a test card. */
  async pay({ url }: { url: string }, number = '4242 4242 4242 4242'): Promise<Page> {
    return this.submit(await this.open(url), card(number))
  }

  /** Completes or fails the authentication that the last answer redirects to. */
  async authenticate({ location }: Page, decision: 'complete' | 'fail'): Promise<Page> {
    return this.submit(await this.open(location ?? ''), {}, { name: 'decision', value: decision })
  }
}

/** What a hosted page answered. */
export interface Page {
  readonly url: string
  readonly status: number
  readonly text: string
  readonly location: string | null
  readonly alert: string | null
  readonly action: string | null
  /** The hidden fields of its form. */
  readonly fields: Record<string, string>
}

async function pageOf(response: Response, url: string): Promise<Page> {
  const text = await response.text()
  const location = response.headers.get('location')
  return {
    url,
    status: response.status,
    text,
    location: location === null ? null : new URL(location, url).href,
    alert: /role="alert">([^<]+)</.exec(text)?.[1] ?? null,
    action: /<form method="post" action="([^"]+)"/.exec(text)?.[1] ?? null,
    fields: Object.fromEntries(
      [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ]),
    ),
  }
}

/** What a customer types into the card form. */
export function card(number: string): Record<string, string> {
  return {
    cardNumber: number,
    cardExpiry: '12 / 34',
    cardCvc: '123',
    billingName: 'Ada Lovelace',
    email: 'ada@example.com',
  }
}
