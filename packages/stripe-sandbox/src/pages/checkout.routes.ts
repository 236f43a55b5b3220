import express, { type Response, type Router } from 'express'
import { asksForCard } from '../checkout/asks-for-card.ts'
import { changeOrder } from '../checkout/change-order.ts'
import { amountRequest } from '../checkout/chosen-amounts.ts'
import type { CheckoutOutcome } from '../checkout/complete-session.ts'
import { dueToday } from '../checkout/due-today.ts'
import { withFirstShare } from '../checkout/first-share.ts'
import { applyPromotionCode } from '../checkout/session-discounts.ts'
import { locateSession } from '../checkout/session-taxes.ts'
import { submitCheckout } from '../checkout/submit-checkout.ts'
import { asOffered } from '../checkout/subscribe-first.ts'
import { fieldsOf } from '../http/body.ts'
import { createPaymentMethod } from '../payments/payment-methods.ts'
import type { Account } from '../state/account.ts'
import type { CheckoutSessionRow } from '../state/rows/checkout.ts'
import { wallNow } from '../time.ts'
import { readCard, textOf, type Typed } from './card-form.ts'
import { checkoutPage } from './checkout-page.ts'
import { completePage, isEmbedded } from './embedding.ts'
import type { Html } from './html.ts'
import { document, notice, sendPage } from './layout.ts'
import { readOrder } from './order-fields.ts'
import { readShippingFields, type EnteredShipping } from './shipping-fields.ts'
import { readTaxFields, type Entered } from './tax-fields.ts'

/** The email of customers who press the button of a test card without entering one. */
const DEFAULT_EMAIL = 'somebody@example.com'

/** The hosted checkout page. */
export function checkoutPages(account: Account): Router {
  const router = express.Router()
  router.get('/c/pay/:id', (request, response) => {
    const session = account.checkoutSessions.find(request.params.id)
    const closed = closedPage(account, session)
    if (closed || !session) sendPage(response, session ? 410 : 404, closed ?? unknownSession(), framing(session))
    else {
      const now = account.journal.transaction(() => withFirstShare(account, session))
      sendPage(response, 200, checkoutPage(account, now), framing(session))
    }
  })
  router.post('/c/pay/:id', express.urlencoded({ extended: false }), (request, response) => {
    const session = offeredSession(account, request.params.id)
    const form = fieldsOf(request)
    const closed = closedPage(account, session)
    if (closed || !session) {
      // A second submit, or the back button, must not buy twice.
      if (session?.status === 'complete') response.redirect(303, successUrl(session))
      else sendPage(response, session ? 410 : 404, closed ?? unknownSession(), framing(session))
      return
    }
    const email = emailIn(form) || (form['testCard'] === undefined ? '' : DEFAULT_EMAIL)
    const refuse = (error: string): void =>
      sendPage(response, 400, checkoutPage(account, session, { error, email, typed: form }), framing(session))
    if (textOf(form['formToken']) !== session.formToken) {
      refuse('This form has expired. Please try again.')
      return
    }
    if (hasNewCode(account, session, form)) {
      sendWithCode(account, session, form, response)
      return
    }
    if (readOrder(account, session, form)) {
      sendWithOrder(account, session, form, response)
      return
    }
    const [taxed, shipped] = [readTaxFields(account, session, form), readShippingFields(session, form)]
    if (typeof shipped === 'string') {
      refuse(shipped)
      return
    }
    if (typeof taxed === 'string') {
      refuse(taxed)
      return
    }
    const entered = { ...taxed, ...shipped }
    if (account.journal.transaction(() => changesDue(account, session, entered, form))) {
      const note = 'The total has changed with what you entered. Please check it, then continue.'
      const now = account.checkoutSessions.get(session.id)
      sendPage(response, 200, checkoutPage(account, now, { note, email, typed: form }), framing(session))
      return
    }
    const submitted = submit(account, account.checkoutSessions.get(session.id), form, email)
    if (typeof submitted === 'string')
      sendPage(
        response,
        402,
        checkoutPage(account, session, { error: submitted, email, typed: form }),
        framing(session),
      )
    else if (submitted.kind === 'complete') response.redirect(303, successUrl(submitted.session))
    else if (submitted.kind === 'authenticate')
      response.redirect(303, `/authenticate/${submitted.intent}?secret=${secretOf(account, submitted.intent)}`)
    else
      sendPage(
        response,
        402,
        checkoutPage(account, session, { error: submitted.decline.message, email, typed: form }),
        framing(session),
      )
  })
  for (const [path, change] of [
    ['promotion-code', sendWithCode],
    ['order', sendWithOrder],
  ] as const)
    router.post(`/c/pay/:id/${path}`, express.urlencoded({ extended: false }), (request, response) => {
      const session = offeredSession(account, String(request.params['id']))
      const closed = closedPage(account, session)
      if (closed || !session) {
        sendPage(response, session ? 410 : 404, closed ?? unknownSession(), framing(session))
        return
      }
      const form = fieldsOf(request)
      if (textOf(form['formToken']) === session.formToken) change(account, session, form, response)
      else {
        const shown = { error: 'This form has expired. Please try again.', email: emailIn(form), typed: form }
        sendPage(response, 400, checkoutPage(account, session, shown), framing(session))
      }
    })
  router.get('/c/complete/:id', (request, response) => {
    const session = account.checkoutSessions.find(request.params.id)
    if (session?.status !== 'complete') {
      sendPage(response, 404, unknownSession())
      return
    }
    const { id, return_url, redirect_on_completion } = session
    // Cards never need a redirect.
    const stays = redirect_on_completion === 'never' || redirect_on_completion === 'if_required'
    const next = return_url === undefined || stays ? null : filledIn(return_url, id)
    const options = { merchant: account.settings, embedded: isEmbedded(session) }
    sendPage(response, 200, document('Thank you', completePage(session, next), options), options)
  })
  return router
}

function offeredSession(account: Account, id: string): CheckoutSessionRow | undefined {
  const session = account.checkoutSessions.find(id)
  return session && asOffered(session)
}

const emailIn = (form: Record<string, unknown>): string => textOf(form['email']).trim()
const codeIn = (form: Record<string, unknown>): string => textOf(form['promotionCode']).trim()

/** Whether a customer typed in a promotion code and went on without applying it. */
function hasNewCode(account: Account, { allow_promotion_codes, discounts }: CheckoutSessionRow, form: Typed): boolean {
  const code = discounts[0]?.promotion_code
  const applied = code ? account.promotionCodes.get(code).code : ''
  return (
    allow_promotion_codes === true &&
    form['promotionCode'] !== undefined &&
    codeIn(form).toLowerCase() !== applied.toLowerCase()
  )
}

/** Changes what is ordered, and shows the page again with everything that was typed, like {@link sendWithCode}. */
function sendWithOrder(account: Account, session: CheckoutSessionRow, form: Typed, response: Response): void {
  const change = readOrder(account, session, form)
  const changed = change && account.journal.transaction(() => changeOrder(account, session, change))
  const told = changed
    ? { note: 'Your order has changed. Please check the total, then continue.' }
    : { error: (change?.amounts.size && amountRequest(account, session)) || 'This quantity is not available.' }
  const failed = change !== null && !changed
  const page = checkoutPage(account, changed ?? session, { ...(change && told), email: emailIn(form), typed: form })
  sendPage(response, failed ? 400 : 200, page, framing(session))
}

/**
 * Applies the promotion code, and shows the page again with everything that was typed. It answers the form itself,
 * without a redirect: a card number must be in no URL and stored nowhere.
 */
function sendWithCode(account: Account, session: CheckoutSessionRow, form: Typed, response: Response): void {
  const code = codeIn(form)
  const isApplied =
    session.allow_promotion_codes && account.journal.transaction(() => applyPromotionCode(account, session, code))
  const told = isApplied
    ? { note: `The promotion code is ${code === '' ? 'removed' : 'applied'}. Please check the total, then continue.` }
    : { error: 'This code is invalid.' }
  const page = checkoutPage(account, account.checkoutSessions.get(session.id), {
    ...told,
    email: emailIn(form),
    typed: form,
  })
  sendPage(response, isApplied ? 200 : 400, page, framing(session))
}

function submit(
  account: Account,
  session: CheckoutSessionRow,
  form: Record<string, unknown>,
  email: string,
): CheckoutOutcome | string {
  const known = session.customer === null ? session.customer_email : account.customers.get(session.customer).email
  if (known === null && !/^[^\s@]+@[^\s@]+$/.test(email)) return 'Please enter a valid email address.'
  const name = textOf(form['billingName']).trim() || null
  return account.journal.transaction(() => {
    if (!asksForCard(account, session))
      return submitCheckout(account, session.id, { email: known ?? email, name, paymentMethod: null })
    const typed = readCard(form)
    if (!('card' in typed)) return typed.message
    const method = createPaymentMethod(account, typed.card, {
      ...typed,
      billing_details: { email: known ?? email, name },
    })
    return submitCheckout(account, session.id, { email: known ?? email, name, paymentMethod: method.id })
  })
}

/** Keeps what a customer entered for taxes. Returns whether they would pay something else than the page showed. */
function changesDue(
  account: Account,
  session: CheckoutSessionRow,
  entered: Entered & EnteredShipping,
  form: Record<string, unknown>,
): boolean {
  if (Object.keys(entered).length === 0) return false
  const due = dueToday(account, locateSession(account, session, entered))
  return textOf(form['due']) !== String(due)
}

/** The client secret of a payment or setup intent. */
function secretOf(account: Account, intent: string): string {
  return (account.paymentIntents.find(intent) ?? account.setupIntents.find(intent))?.client_secret ?? ''
}

/**
 * Where the customer goes after a session is paid, with the session's id in place of `{CHECKOUT_SESSION_ID}`. In a
 * frame, it is the page that tells the app's page.
 */
export function successUrl({ id, success_url, ui_mode }: CheckoutSessionRow): string {
  return ui_mode === 'hosted_page' && success_url !== null ? filledIn(success_url, id) : `/c/complete/${id}`
}

const filledIn = (url: string, id: string): string => url.replaceAll('{CHECKOUT_SESSION_ID}', id)

/** How the pages of a session are sent. */
const framing = (session: CheckoutSessionRow | undefined) => ({
  embedded: session !== undefined && isEmbedded(session),
})

function unknownSession(): Html {
  return notice('Page not found', 'This checkout does not exist.')
}

/** The page of a session that can't be paid, because it is unknown, complete or expired, or because its customer was deleted.
 * Null for an open one. */
function closedPage(account: Account, session: CheckoutSessionRow | undefined): Html | null {
  if (!session) return unknownSession()
  if (session.status === 'complete')
    return notice(
      'All done here',
      'This checkout is already complete.',
      {
        href: successUrl(session),
        label: 'Continue',
      },
      framing(session),
    )
  const isGone = session.customer !== null && account.customers.get(session.customer).deleted
  if (isGone || session.status === 'expired' || session.expires_at <= wallNow()) {
    const back = session.cancel_url === null ? undefined : { href: session.cancel_url, label: 'Go back' }
    return notice('This checkout has expired', 'Nothing was charged. Please start again.', back, framing(session))
  }
  return null
}
