import express, { type Router } from 'express'
import { formatMoney } from '../money.ts'
import { html } from '../pages/html.ts'
import { document, sendPage } from '../pages/layout.ts'
import type { Account } from '../state/account.ts'
import { iso } from './control.routes.ts'

const SHOWN = 20

/** The sandbox for people: its clock, its customers, what was sent lately, and how to make things happen. */
export function controlPage(account: Account): Router {
  const router = express.Router()
  router.get(['/', '/_/', '/_'], (_request, response) => {
    const subscriptions = account.subscriptions.all().toReversed().slice(0, SHOWN)
    const charges = account.charges.all().toReversed().slice(0, SHOWN)
    const deliveries = account.deliveries.all().toReversed().slice(0, SHOWN)
    const page = document(
      'Stripe sandbox',
      html` <h1>Stripe sandbox</h1>
        <p>Now: ${iso(account.now())}</p>
        <h2>Subscriptions</h2>
        <table>
          <tr>
            <th>Customer</th>
            <th>Subscription</th>
            <th>Status</th>
          </tr>
          ${subscriptions.map(
            (row) =>
              html`<tr>
                <td>${account.customers.get(row.customer).email ?? row.customer}</td>
                <td>${row.id}</td>
                <td>${row.status}</td>
              </tr>`,
          )}
        </table>
        <h2>Charges</h2>
        <table>
          <tr>
            <th>Charge</th>
            <th>Amount</th>
            <th>Status</th>
          </tr>
          ${charges.map(
            (row) =>
              html`<tr>
                <td>${row.id}</td>
                <td>${formatMoney(row.amount, row.currency)}</td>
                <td>${row.disputed ? 'disputed' : row.status}</td>
              </tr>`,
          )}
        </table>
        <h2>Webhook deliveries</h2>
        <table>
          <tr>
            <th>Event</th>
            <th>Status</th>
            <th>Attempts</th>
          </tr>
          ${deliveries.map(
            (row) =>
              html`<tr>
                <td>${row.type}</td>
                <td>${row.status}${row.responseStatus !== null && ` (${row.responseStatus})`}</td>
                <td>${row.attempts}</td>
              </tr>`,
          )}
        </table>
        <h2>Controls</h2>
        <table>
          ${CONTROLS.map(
            ([call, what]) =>
              html`<tr>
                <td><code>${call}</code></td>
                <td>${what}</td>
              </tr>`,
          )}
        </table>`,
    )
    sendPage(response, 200, page)
  })
  return router
}

const CONTROLS = [
  ['POST /_/clock/advance {"days": 31}', 'Move the clock on, through all that is due'],
  ['POST /_/customers/{id}/fail-charges {"on": true}', 'Decline every charge of a customer'],
  ['POST /_/charges/{id}/dispute', 'Dispute a charge'],
  ['POST /_/refunds/{id}/fail', 'Let a refund fail at the bank'],
  ['PUT /_/chaos {"drop": 0.1, "duplicate": 0.1, "reorder": 0.5, "delayMs": 200}', 'Make webhook deliveries go wrong'],
  ['POST /_/fail-next {"count": 1, "status": 500}', 'Fail the next API calls; also timeout, reset, afterExecution'],
  ['GET /_/deliveries, POST /_/deliveries/{id}/resend', 'What was sent, and again'],
  ['GET, PUT /_/settings', 'Retry schedule, what follows it, waiting times'],
] as const
