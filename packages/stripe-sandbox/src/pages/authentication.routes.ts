import express, { type Response, type Router } from 'express'
import { fieldsOf } from '../http/body.ts'
import { formatMoney } from '../money.ts'
import type { Account } from '../state/account.ts'
import type { PaymentIntentRow, SetupIntentRow } from '../state/rows/payment.ts'
import { answerAuthentication } from './answer-authentication.ts'
import { textOf } from './card-form.ts'
import { checkoutPage } from './checkout-page.ts'
import { successUrl } from './checkout.routes.ts'
import { answeredPage, isEmbedded } from './embedding.ts'
import { html, type Html } from './html.ts'
import { document, notice, sendPage, type Link } from './layout.ts'

/** The page on which a bank asks the cardholder to authenticate. */
export function authenticationPages(account: Account): Router {
  const router = express.Router()
  router.get('/authenticate/:id', (request, response) => {
    const secret = textOf(request.query['secret'])
    const inDialog = request.query['frame'] === '1'
    const intent = waiting(account, request.params.id, secret)
    const framing = { embedded: inDialog || isInFrame(account, intent) }
    if (intent) sendPage(response, 200, authenticationPage(intent, { ...framing, inDialog }), framing)
    else if (inDialog) sendAnswered(response, request.params.id)
    else sendPage(response, 404, nothingToAuthenticate(wayOn(account, request.params.id, secret)))
  })
  router.post('/authenticate/:id', express.urlencoded({ extended: false }), (request, response) => {
    const form = fieldsOf(request)
    const inDialog = form['frame'] === '1'
    const intent = waiting(account, request.params.id, textOf(form['secret']))
    if (!intent) {
      if (inDialog) sendAnswered(response, request.params.id)
      else sendPage(response, 404, nothingToAuthenticate(wayOn(account, request.params.id, textOf(form['secret']))))
      return
    }
    const outcome = account.journal.transaction(() =>
      answerAuthentication(account, intent.id, form['decision'] === 'complete'),
    )
    const session = intent.session === null ? undefined : account.checkoutSessions.get(intent.session)
    if (inDialog) sendAnswered(response, intent.id)
    else if (session && outcome.kind === 'complete')
      response.redirect(303, successUrl(account.checkoutSessions.get(session.id)))
    else if (session && outcome.kind === 'declined')
      sendPage(response, 402, checkoutPage(account, session, { error: outcome.decline.message }), {
        embedded: isEmbedded(session),
      })
    else if (intent.return_url !== null)
      response.redirect(303, returnUrl(account, intent, intent.return_url, outcome.kind === 'complete'))
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

type Intent = Pick<PaymentIntentRow | SetupIntentRow, 'id' | 'client_secret' | 'session' | 'status' | 'return_url'> & {
  amount?: number
  currency?: string
}

/** Tells the app's page, which has the bank's page in a dialog, that the cardholder has answered. */
function sendAnswered(response: Response, intent: string): void {
  const framing = { embedded: true }
  sendPage(response, 200, document('Thank you', answeredPage(intent), framing), framing)
}

/**
 * The page that a customer returns to. A page of the app gets the outcome, as from Stripe; a page of the sandbox knows it.
 *
 * @see https://docs.stripe.com/payments/accept-a-payment
 */
function returnUrl(account: Account, { id, client_secret }: Intent, url: string, succeeded: boolean): string {
  if (url.startsWith(`${account.publicUrl}/`)) return url
  const name = id.startsWith('seti_') ? 'setup_intent' : 'payment_intent'
  const next = new URL(url)
  next.searchParams.set(name, id)
  next.searchParams.set(`${name}_client_secret`, client_secret)
  next.searchParams.set('redirect_status', succeeded ? 'succeeded' : 'failed')
  return next.href
}

/** The intent, if it waits for the cardholder's answer. Nothing can be bought from a session that is no longer open. */
function waiting(account: Account, id: string, secret: string): Intent | undefined {
  const intent = account.paymentIntents.find(id) ?? account.setupIntents.find(id)
  if (intent?.status !== 'requires_action' || intent.client_secret !== secret) return undefined
  const isClosed = intent.session !== null && account.checkoutSessions.get(intent.session).status !== 'open'
  return isClosed ? undefined : intent
}

/** Where a customer who returns to their bank's page can go on; undefined for anyone else. */
function wayOn(account: Account, id: string, secret: string): Link | undefined {
  const intent: Intent | undefined = account.paymentIntents.find(id) ?? account.setupIntents.find(id)
  if (intent?.client_secret !== secret) return undefined
  if (intent.session === null)
    return intent.return_url === null
      ? undefined
      : {
          href: returnUrl(
            account,
            intent,
            intent.return_url,
            !['requires_payment_method', 'canceled'].includes(intent.status),
          ),
          label: 'Continue',
        }
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

function authenticationPage(
  { id, client_secret, amount, currency }: Intent,
  { inDialog, ...framing }: { embedded: boolean; inDialog: boolean },
): Html {
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
        ${inDialog && html`<input type="hidden" name="frame" value="1" />`}
        <button type="submit" name="decision" value="complete">Complete authentication</button>
        <button type="submit" name="decision" value="fail" class="plain">Fail authentication</button>
      </form>
    </div>`,
    framing,
  )
}
