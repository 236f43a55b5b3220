import express, { type Router } from 'express'
import { fieldsOf } from '../http/body.ts'
import { formatMoney } from '../money.ts'
import type { Account } from '../state/account.ts'
import type { PaymentIntentRow, SetupIntentRow } from '../state/rows/payment.ts'
import { answerAuthentication } from './answer-authentication.ts'
import { textOf } from './card-form.ts'
import { checkoutPage } from './checkout-page.ts'
import { successUrl } from './checkout.routes.ts'
import { isEmbedded } from './embedding.ts'
import { html, type Html } from './html.ts'
import { document, notice, sendPage, type Link } from './layout.ts'

/** The page on which a bank asks the cardholder to authenticate. */
export function authenticationPages(account: Account): Router {
  const router = express.Router()
  router.get('/authenticate/:id', (request, response) => {
    const intent = waiting(account, request.params.id, textOf(request.query['secret']))
    const framing = { embedded: isInFrame(account, intent) }
    if (intent) sendPage(response, 200, authenticationPage(intent, framing), framing)
    else
      sendPage(response, 404, nothingToAuthenticate(wayOn(account, request.params.id, textOf(request.query['secret']))))
  })
  router.post('/authenticate/:id', express.urlencoded({ extended: false }), (request, response) => {
    const form = fieldsOf(request)
    const intent = waiting(account, request.params.id, textOf(form['secret']))
    if (!intent) {
      sendPage(response, 404, nothingToAuthenticate(wayOn(account, request.params.id, textOf(form['secret']))))
      return
    }
    const outcome = account.journal.transaction(() =>
      answerAuthentication(account, intent.id, form['decision'] === 'complete'),
    )
    const session = intent.session === null ? undefined : account.checkoutSessions.get(intent.session)
    if (session && outcome.kind === 'complete')
      response.redirect(303, successUrl(account.checkoutSessions.get(session.id)))
    else if (session && outcome.kind === 'declined')
      sendPage(response, 402, checkoutPage(account, session, { error: outcome.decline.message }), {
        embedded: isEmbedded(session),
      })
    else if (intent.return_url !== null) response.redirect(303, intent.return_url)
    else
      sendPage(
        response,
        200,
        notice(
          outcome.kind === 'complete' ? 'Payment authenticated' : 'Authentication failed',
          'You can close this page.',
        ),
      )
  })
  return router
}

type Intent = Pick<PaymentIntentRow | SetupIntentRow, 'id' | 'client_secret' | 'session' | 'return_url'> & {
  amount?: number
  currency?: string
}

function waiting(account: Account, id: string, secret: string): Intent | undefined {
  const intent = account.paymentIntents.find(id) ?? account.setupIntents.find(id)
  return intent?.status === 'requires_action' && intent.client_secret === secret ? intent : undefined
}

/** Where a customer goes on who comes back to the page of their bank; undefined for anyone else. */
function wayOn(account: Account, id: string, secret: string): Link | undefined {
  const intent: Intent | undefined = account.paymentIntents.find(id) ?? account.setupIntents.find(id)
  if (intent?.client_secret !== secret) return undefined
  if (intent.session === null)
    return intent.return_url === null ? undefined : { href: intent.return_url, label: 'Continue' }
  const session = account.checkoutSessions.get(intent.session)
  return session.status === 'complete'
    ? { href: successUrl(session), label: 'Continue' }
    : { href: `/c/pay/${session.id}`, label: 'Back to the checkout page' }
}

function nothingToAuthenticate(link?: Link): Html {
  return notice('Nothing to authenticate', 'This payment does not need authentication.', link)
}

function isInFrame(account: Account, intent: Intent | undefined): boolean {
  return intent?.session != null && isEmbedded(account.checkoutSessions.get(intent.session))
}

function authenticationPage({ id, client_secret, amount, currency }: Intent, framing: { embedded: boolean }): Html {
  const what =
    amount !== undefined && currency !== undefined
      ? `a payment of ${formatMoney(amount, currency)}`
      : 'saving your card for future payments'
  return document(
    'Authenticate',
    html`<div class="panel">
      <h1>Your bank asks: is this you?</h1>
      <p>This page stands in for your bank. Confirm ${what}, or decline it.</p>
      <form method="post" action="/authenticate/${id}">
        <input type="hidden" name="secret" value="${client_secret}" />
        <button type="submit" name="decision" value="complete">Complete authentication</button>
        <button type="submit" name="decision" value="fail" class="plain">Fail authentication</button>
      </form>
    </div>`,
    framing,
  )
}
