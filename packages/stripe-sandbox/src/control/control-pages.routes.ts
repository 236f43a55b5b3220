import express, { type Router } from 'express'
import { notice, sendPage, type Link } from '../pages/layout.ts'
import { readChoice } from './choice.ts'
import { customerPage } from './customer-page.ts'
import type { Flashes } from './flashes.ts'
import { overviewPage } from './overview-page.ts'
import type { Shown } from './shown.ts'

const CONTROLS: Link = { href: '/_/', label: 'All controls' }

/** The control pages: the tabs, and one page per customer. */
export function controlPages({ flashes, ...shown }: Shown & { flashes: Flashes }): Router {
  const router = express.Router()
  router.get(['/', '/_/', '/_'], (request, response) => {
    const page = overviewPage(shown, readChoice(request.query), flashes.find(request.query['flash']))
    if (page) sendPage(response, 200, page)
    else sendPage(response, 404, notice('Page not found', 'The controls have no such tab.', CONTROLS))
  })
  router.get('/_/customers/:id', (request, response) => {
    const customer = shown.account.customers.find(request.params.id)
    if (customer) sendPage(response, 200, customerPage(shown, customer, flashes.find(request.query['flash'])))
    else sendPage(response, 404, notice('Page not found', 'This customer does not exist.', CONTROLS))
  })
  return router
}
