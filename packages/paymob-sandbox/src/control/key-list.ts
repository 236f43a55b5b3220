import type { Paymob } from '../callbacks/paymob.ts'
import { html, type Html } from '../pages/html.ts'

/** The keys of the account, which are no secrets: it takes no real money. */
export function keyList({ account }: Paymob): Html {
  const { card, moto, auth, verification } = account.integrations
  return html`<dl>
    <dt>Secret key</dt>
    <dd><code>${account.secretKey}</code></dd>
    <dt>Public key</dt>
    <dd><code>${account.publicKey}</code></dd>
    <dt>API key</dt>
    <dd><code>${account.apiKey}</code></dd>
    <dt>HMAC secret</dt>
    <dd><code>${account.hmacSecret}</code></dd>
    <dt>Integrations</dt>
    <dd>${card} (3-D Secure), ${moto} (MOTO), ${auth} (auth), ${verification} (verification)</dd>
    <dt>Callbacks</dt>
    <dd>${account.callbackUrl ?? 'where each intention and plan says'}</dd>
  </dl>`
}
