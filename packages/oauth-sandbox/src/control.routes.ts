import express, { type Router } from 'express'
import type { Accounts } from './accounts.ts'
import { parseLies, type Liar } from './lies.ts'

/** Control endpoints for programs: `GET /_/accounts`, `GET /_/lies`, `PUT /_/lies`. */
export function controlRoutes(accounts: Accounts, liar: Liar): Router {
  const router = express.Router()
  router.get('/_/accounts', (_req, res) => {
    res.json(accounts.all())
  })
  router.get('/_/lies', (_req, res) => {
    res.json(liar.lies)
  })
  router.put('/_/lies', express.json(), (req, res) => {
    const lies = parseLies(req.body)
    if (lies) liar.lies = lies
    res.status(lies ? 200 : 400).json(lies ?? { error: 'Expected { idToken?, answers?: { [endpoint]: lie } }' })
  })
  return router
}
