import { emit } from '../events/emit.ts'
import { newId, randomText } from '../ids.ts'
import { serializePortalSession } from '../resources/portal.ts'
import type { Account } from '../state/account.ts'
import type { PortalSessionRow } from '../state/rows/checkout.ts'
import { HOUR, wallNow } from '../time.ts'
import { defaultConfiguration } from './portal-configurations.ts'

/** Opens a portal session for a customer. It lasts an hour. */
export function openPortal(
  account: Account,
  customer: string,
  given: Partial<Pick<PortalSessionRow, 'configuration' | 'flow' | 'locale' | 'return_url'>>,
): PortalSessionRow {
  const row = account.portalSessions.insert({
    id: newId('bps'),
    created: wallNow(),
    expires_at: wallNow() + HOUR,
    configuration: given.configuration ?? defaultConfiguration(account).id,
    customer,
    flow: null,
    locale: null,
    return_url: null,
    token: `test_${randomText(40)}`,
    ...given,
  })
  emit(account, 'billing_portal.session.created', serializePortalSession(account, row))
  return row
}
