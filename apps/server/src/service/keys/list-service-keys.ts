import { pageOf, readCursor, type Page } from '../../platform/database/page.ts'
import type { Scope } from '../../platform/scope.ts'
import { ServiceKey } from '../service-key.entity.ts'
import type { ListServiceKeysInput, ServiceKeyView } from '../service.schemas.ts'
import { serviceKeyView } from './service-key-view.ts'

/**
 * Lists all service keys, newest first, with those that were revoked or have expired.
 *
 * @throws {InvalidInput} for a bad cursor.
 */
export async function listServiceKeys(
  { em }: Pick<Scope, 'em'>,
  { cursor, limit }: ListServiceKeysInput,
): Promise<Page<ServiceKeyView>> {
  const before = cursor ? { id: { $lt: readCursor(cursor).id } } : {}
  const rows = await em.find(ServiceKey, before, { orderBy: { id: 'desc' }, limit: limit + 1 })
  return pageOf(rows, limit, serviceKeyView, ({ createdAt, id }) => ({ at: createdAt, id }))
}
