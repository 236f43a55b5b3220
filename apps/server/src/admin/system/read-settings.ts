import { STRIPE_API_VERSION } from '../../billing/index.ts'
import { readInstances } from '../../platform/jobs/read-instances.ts'
import type { AdminScope, Installation } from '../admin-scope.ts'
import type { SystemSettings } from '../system.schemas.ts'

/** Reads the effective settings, the versions of everything, and which processes run. */
export async function readSettings({
  em,
  installation: { version, settings },
}: Pick<AdminScope, 'em'> & { installation: Installation }): Promise<SystemSettings> {
  const [server] = await em.execute<{ version: string }[]>("select current_setting('server_version') as version")
  const [migration] = await em.execute<{ name: string }[]>('select name from migrations order by name desc limit 1')
  return {
    settings: settings.map((setting) => ({ ...setting })),
    versions: {
      tollgate: version,
      node: process.versions.node,
      postgresql: server?.version ?? '',
      migration: migration?.name ?? null,
      stripeApi: STRIPE_API_VERSION,
    },
    processes: await readInstances(em),
  }
}
