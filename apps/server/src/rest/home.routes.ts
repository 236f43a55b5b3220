import express, { type Router } from 'express'
import { methodNotAllowed } from '../platform/http/error-response.ts'
import { brandLink } from './docs-page.ts'
import type { PageLook } from './docs-style.ts'
import { html, type Html } from './html.ts'

/** `GET /`: where to go from here. A page for a browser, JSON for programs. */
export function createHomeRoutes({ apiUrl, webUrl }: { apiUrl: string; webUrl: string }, look: PageLook): Router {
  const { name, supportEmail } = look.brand
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
        <title>${name} API</title>
        ${look.style}
      </head>
      <body>
        <header class="top">${brandLink(look.brand, `${name} API`)}</header>
        <main class="home">
          <h1>${name} API</h1>
          <p>This address is for programs. People use the links below.</p>
          <ul class="doors">
            ${door(links.web, 'Log in or sign up', webUrl)}
            ${door(links.docs, 'Reference', 'Every operation, with its inputs, answers and an example')}
            ${door(links.openapi, 'OpenAPI 3.1', 'The same for programs and code generators')}
            ${door(links.ready, 'Health', 'Whether this API can serve requests now')}
          </ul>
          ${supportEmail === null ? '' : html`<p>Questions? Write to <a href="mailto:${supportEmail}">${supportEmail}</a>.</p>`}
        </main>
      </body>
    </html>`

  const router = express.Router()
  router.get('/', (req, res) => {
    res.set('Cache-Control', 'public, max-age=300').vary('Accept')
    if (req.accepts('json', 'html') === 'html') {
      res.set('Content-Security-Policy', look.policy).type('html').send(page.html)
    } else {
      res.json({ name: `${name} API`, links })
    }
  })
  router.all('/', methodNotAllowed('GET', 'HEAD'))
  return router
}

const door = (url: string, title: string, about: string): Html =>
  html`<li>
    <a href="${url}"><b>${title}</b><span>${about}</span></a>
  </li>`
