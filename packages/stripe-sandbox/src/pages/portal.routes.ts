import express, { type Response, type Router } from 'express'
import { fieldsOf } from '../http/body.ts'
import { StripeApiError } from '../http/errors.ts'
import { transact } from '../http/transact.ts'
import { openPortal } from '../portal/open-portal.ts'
import {
  cancelInPortal,
  changeCardInPortal,
  changePlanInPortal,
  ownSubscription,
  resumeInPortal,
} from '../portal/portal-actions.ts'
import { endPauseInPortal, pauseInPortal } from '../portal/portal-pauses.ts'
import { updateDetails } from '../portal/update-details.ts'
import type { Account } from '../state/account.ts'
import type { PortalConfigurationRow, PortalSessionRow } from '../state/rows/checkout.ts'
import { wallNow } from '../time.ts'
import { readCard, textOf } from './card-form.ts'
import { notice, sendPage } from './layout.ts'
import { loginPage } from './portal-details.ts'
import { portalPage } from './portal-page.ts'

/** The customer portal: plain forms for what the session's configuration allows. */
export function portalPages(account: Account): Router {
  const router = express.Router()
  router.get('/p/session/:token', (request, response) => {
    const session = validSession(account, request.params.token, response)
    if (session) sendPage(response, 200, portalPage(account, session))
  })
  router.post('/p/session/:token', express.urlencoded({ extended: false }), (request, response) => {
    const session = validSession(account, request.params.token, response)
    if (!session) return
    const outcome = act(account, session, fieldsOf(request))
    if (outcome.error !== undefined) {
      sendPage(response, 402, portalPage(account, session, outcome.error))
      return
    }
    // A flow without a page to return to ends on the home page of the portal, which shows everything.
    if (session.flow?.after_completion.return_url === null) account.portalSessions.patch(session.id, { flow: null })
    response.redirect(303, outcome.next ?? after(session))
  })
  router.get('/p/login/:token', (request, response) => {
    const configuration = loginPageOf(account, request.params.token)
    if (configuration) sendPage(response, 200, loginPage(account, configuration))
    else sendPage(response, 404, notice('Page not found', 'This login page does not exist.'))
  })
  // Stripe sends a link by email. The sandbox sends no emails, so it leads to the portal at once.
  router.post('/p/login/:token', express.urlencoded({ extended: false }), (request, response) => {
    const configuration = loginPageOf(account, request.params.token)
    const email = textOf(fieldsOf(request)['email']).trim()
    const customer = account.customers.all().findLast((row) => !row.deleted && email !== '' && row.email === email)
    if (!configuration || !customer) {
      const again = { href: `/p/login/${request.params.token}`, label: 'Try another email' }
      const text = 'No customer has this email address in the sandbox.'
      sendPage(response, 404, notice('No customer found', text, configuration && again))
      return
    }
    const session = account.journal.transaction(() =>
      openPortal(account, customer.id, {
        configuration: configuration.id,
        return_url: configuration.default_return_url,
      }),
    )
    response.redirect(303, `/p/session/${session.token}`)
  })
  return router
}

/** The configuration whose login page has this address. */
function loginPageOf(account: Account, token: string): PortalConfigurationRow | undefined {
  return account.portalConfigurations.all().find((row) => row.active && row.token === token)
}

/**
 * The session with a token.
 *
 * @returns null if it is unknown or has expired, after sending a page that says so.
 */
function validSession(account: Account, token: string, response: Response): PortalSessionRow | null {
  const session = account.portalSessions.all().find((row) => row.token === token)
  if (session && session.expires_at > wallNow() && !account.customers.get(session.customer).deleted) return session
  sendPage(response, session ? 410 : 404, notice('This link has expired', 'Please open your billing page again.'))
  return null
}

function act(
  account: Account,
  session: PortalSessionRow,
  form: Record<string, unknown>,
): { error?: string; next?: string } {
  const subscription = textOf(form['subscription'])
  try {
    return transact(account, (): { error?: string; next?: string } => {
      switch (form['testCard'] === undefined ? form['action'] : 'change_card') {
        case 'cancel':
          cancelInPortal(account, session, subscription)
          return {}
        case 'pause':
          pauseInPortal(account, session, ownSubscription(account, session, subscription), Number(form['option']))
          return {}
        case 'end_pause':
          endPauseInPortal(account, session, ownSubscription(account, session, subscription))
          return {}
        case 'update_details':
          updateDetails(account, session, (name) => textOf(form[name]))
          return {}
        case 'resume':
          resumeInPortal(account, session, subscription)
          return {}
        case 'change_plan':
          changePlanInPortal(account, session, subscription, textOf(form['price']))
          return {}
        case 'change_card': {
          const typed = readCard(form)
          return 'card' in typed
            ? changeCardInPortal(account, session, typed, after(session))
            : { error: typed.message }
        }
        default:
          return { error: 'Nothing to do.' }
      }
    })
  } catch (error) {
    if (error instanceof StripeApiError) return { error: error.message }
    throw error
  }
}

/** Where an action leads: to the return URL of the session's flow, else back to the portal. */
function after({ flow, token }: PortalSessionRow): string {
  return flow?.after_completion.return_url ?? `/p/session/${token}`
}
