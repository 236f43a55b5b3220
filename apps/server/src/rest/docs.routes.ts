import express, { type Router } from 'express'
import { methodNotAllowed } from '../platform/http/error-response.ts'
import { docsPage } from './docs-page.ts'
import type { PageLook } from './docs-style.ts'
import type { OpenApiDocument } from './openapi-types.ts'

const CACHE_FOR_MINUTES = 'public, max-age=300'

/**
 * `GET /openapi.json` and `GET /docs`. They are written at the first request, which keeps the start fast, and then
 * kept.
 */
export function createDocsRoutes(createDocument: () => OpenApiDocument, look: PageLook): Router {
  const document = once(createDocument)
  const json = once(() => JSON.stringify(document()))
  const page = once(() => docsPage(document(), look))

  const router = express.Router()
  router.get('/openapi.json', (_req, res) => {
    res.set('Cache-Control', CACHE_FOR_MINUTES).type('json').send(json())
  })
  router.get('/docs', (_req, res) => {
    res.set({ 'Cache-Control': CACHE_FOR_MINUTES, 'Content-Security-Policy': look.policy }).type('html').send(page())
  })
  router.all(['/openapi.json', '/docs'], methodNotAllowed('GET', 'HEAD'))
  return router
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined
  return () => (made ??= { value: make() }).value
}
