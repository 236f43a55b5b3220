import express, { type Router } from 'express'
import { notice, sendPage } from '../pages/layout.ts'
import { customerPage } from './customer-page.ts'
import type { Flashes } from './flashes.ts'
import { overviewPage, type Shown } from './overview-page.ts'

/** The control pages: the overview, and one per customer. */
export function controlPages({ flashes, ...shown }: Shown & { flashes: Flashes }): Router {
  const router = express.Router()
  router.get(['/', '/_/', '/_'], (request, response) => {
    sendPage(response, 200, overviewPage(shown, flashes.find(request.query['flash'])))
  })
  router.get('/_/customers/:id', (request, response) => {
    const customer = shown.account.customers.find(request.params.id)
    if (customer) sendPage(response, 200, customerPage(shown, customer, flashes.find(request.query['flash'])))
    else sendPage(response, 404, notice('Page not found', 'This customer does not exist.'))
  })
  return router
}
