import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Installation } from './admin/index.ts'
import { environmentOf, type Config } from './config.ts'
import { effectiveSettings } from './effective-settings.ts'
import { examine } from './verbs/doctor/examine.ts'

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')))

/** What the program says about itself to admins. */
export function describeInstallation(config: Config): Installation {
  const environment = environmentOf(config)
  return { version, settings: effectiveSettings(environment), examine: () => examine(config, environment) }
}
