import express, { type Router } from 'express'
import { methodNotAllowed } from '../platform/http/error-response.ts'
import type { AuthDeps } from './auth-scope.ts'

const PATH = '/.well-known/jwks.json'

/** `GET /.well-known/jwks.json`: the public keys of access tokens (RFC 7517). Verifiers keep them for five minutes. */
export function createJwksRoutes({ tokens }: Pick<AuthDeps, 'tokens'>): Router {
  const router = express.Router()
  router.get(PATH, (_req, res) => {
    res.set('Cache-Control', 'public, max-age=300').json({ keys: tokens.publicKeys })
  })
  router.all(PATH, methodNotAllowed('GET', 'HEAD'))
  return router
}
