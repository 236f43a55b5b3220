import { OPERATOR } from '../src/platform/audit/audit.ts'
import type { ServiceScope } from '../src/platform/service-scopes.schemas.ts'
import { createServiceKey } from '../src/service/index.ts'
import type { TestApp } from './test-app.ts'

/** Makes a service key, by default one that may do everything. */
export async function aServiceKey(app: TestApp, ...scopes: ServiceScope[]): Promise<string> {
  const input = { name: 'A test', scopes: scopes.length > 0 ? scopes : (['admin'] satisfies ServiceScope[]) }
  return (await createServiceKey(app.scope(), OPERATOR, input)).key
}
