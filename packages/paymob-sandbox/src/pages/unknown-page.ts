import type { RequestHandler } from 'express'
import { notice, sendPage } from './layout.ts'

/** Answers requests for unknown addresses: with a page for a browser, and with JSON for a program. */
export const answerUnknown: RequestHandler = ({ headers, method, path }, response) => {
  if (headers.accept?.includes('text/html')) {
    const controls = { href: '/_/', label: 'Sandbox controls' }
    sendPage(response, 404, notice('Page not found', 'The sandbox has no page at this address.', controls))
    return
  }
  const message = `The sandbox has nothing at ${method} ${path}. The controls begin with /_.`
  response.status(404).json({ error: { message } })
}
