import express, { type Router } from 'express'
import { methodNotAllowed } from '../platform/http/error-response.ts'
import { DOCS_POLICY, DOCS_STYLE_ELEMENT } from './docs-style.ts'
import { html } from './html.ts'

/** `GET /`: where to go from here. A page for a browser, JSON for programs. */
export function createHomeRoutes({ apiUrl, webUrl }: { apiUrl: string; webUrl: string }): Router {
  const links = {
    docs: `${apiUrl}/docs`,
    openapi: `${apiUrl}/openapi.json`,
    trpc: `${apiUrl}/trpc`,
    ready: `${apiUrl}/readyz`,
    web: webUrl,
  }
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Tollgate API</title>
        ${DOCS_STYLE_ELEMENT}
      </head>
      <body>
        <main>
          <h1>Tollgate API</h1>
          <p>This address is for programs.</p>
          <ul>
            <li><a href="${links.web}">Log in or sign up</a></li>
            <li><a href="${links.docs}">Reference</a></li>
            <li><a href="${links.openapi}">OpenAPI 3.1</a></li>
            <li><a href="${links.ready}">Is it ready?</a></li>
          </ul>
        </main>
      </body>
    </html>`

  const router = express.Router()
  router.get('/', (req, res) => {
    res.set('Cache-Control', 'public, max-age=300').vary('Accept')
    if (req.accepts('json', 'html') === 'html') {
      res.set('Content-Security-Policy', DOCS_POLICY).type('html').send(page.html)
    } else {
      res.json({ name: 'Tollgate API', links })
    }
  })
  router.all('/', methodNotAllowed('GET', 'HEAD'))
  return router
}
