import express, { type Router } from 'express'
import { fieldsOf } from '../http/body.ts'
import { randomText } from '../ids.ts'
import type { KeyRing } from '../state/key-ring.ts'
import { missing } from './control.routes.ts'

/** JSON controls for accounts and their secret keys. */
export function accountRoutes(keys: KeyRing): Router {
  const router = express.Router()
  router.use('/_', express.json())
  router.get('/_/secret-keys', (_request, response) => {
    response.json(keys.all().map(({ id, account, expired }) => ({ secretKey: id, account, expired })))
  })
  router.post('/_/secret-keys', (request, response) => {
    const { secretKey = `sk_test_${randomText(24)}`, account } = fieldsOf(request)
    const isKnown = account === undefined || keys.all().some((key) => key.account === account)
    if (typeof secretKey !== 'string' || !/^sk_test_\w+$/.test(secretKey))
      response.status(400).json({ error: { message: '`secretKey` must be a test key (sk_test_…).' } })
    else if (!isKnown) missing(response, 'account')
    else {
      const row = keys.add(secretKey, typeof account === 'string' ? account : undefined)
      response.json({ secretKey: row.id, account: row.account })
    }
  })
  router.post('/_/secret-keys/roll', (request, response) => {
    const { secretKey } = fieldsOf(request)
    const old = typeof secretKey === 'string' ? keys.find(secretKey) : undefined
    if (!old) {
      missing(response, 'secret key')
      return
    }
    const row = keys.roll(old.id)
    response.json({ secretKey: row.id, account: row.account })
  })
  return router
}
