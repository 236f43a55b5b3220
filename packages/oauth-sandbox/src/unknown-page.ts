import type { RequestHandler } from 'express'
import { html, sendPage } from './html.ts'

/** Answers requests for unknown addresses: with a page for a browser, and with JSON for a program. */
export const answerUnknown: RequestHandler = ({ headers, method, path }, res) => {
  if (headers.accept?.includes('text/html')) {
    const body = html`<h1>Page not found</h1>
      <p>The sandbox has no page at this address.</p>
      <p><a href="/">About this sandbox</a></p>`
    sendPage(res, 404, { title: 'Page not found', body })
    return
  }
  const places = 'Google begins with /google, GitHub with /github, the controls with /_.'
  res.status(404).json({ error: `The sandbox has nothing at ${method} ${path}. ${places}` })
}
