import express, { type Router } from 'express'
import { followLink, isOpen } from '../checkout/follow-link.ts'
import { recoverSession } from '../checkout/recover-session.ts'
import type { Account } from '../state/account.ts'
import { notice, sendPage } from './layout.ts'

/** The addresses of payment links and expired sessions. Each visit opens a checkout session, as Stripe's do. */
export function paymentLinkPages(account: Account): Router {
  const router = express.Router()
  const linkOf = (token: string) => account.paymentLinks.by('token', token)[0]
  router.get('/b/:token', (request, response) => {
    const link = linkOf(request.params.token)
    if (!link) {
      sendPage(response, 404, notice('Page not found', 'This payment link does not exist.'))
      return
    }
    if (!isOpen(link)) {
      sendPage(response, 410, notice('Link deactivated', link.inactive_message ?? 'This link is no longer active.'))
      return
    }
    const { client_reference_id, prefilled_email } = request.query
    const given = {
      client_reference_id: typeof client_reference_id === 'string' ? client_reference_id.slice(0, 200) : null,
      email: typeof prefilled_email === 'string' && prefilled_email.length <= 512 ? prefilled_email : null,
    }
    const session = account.journal.transaction(() => followLink(account, link, given))
    response.redirect(303, `/c/pay/${session.id}`)
  })
  router.get('/b/:token/thanks', (request, response) => {
    const after = linkOf(request.params.token)?.after_completion
    const message = after?.type === 'hosted_confirmation' ? after.custom_message : null
    sendPage(response, 200, notice('Thanks for your payment', message ?? 'You can close this page now.'))
  })
  router.get('/r/:token', (request, response) => {
    const session = account.journal.transaction(() => recoverSession(account, request.params.token))
    if (session) response.redirect(303, `/c/pay/${session.id}`)
    else sendPage(response, 404, notice('Page not found', 'This link does not exist, or it has expired.'))
  })
  return router
}
