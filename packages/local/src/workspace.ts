import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project's root directory. */
export const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** The server's program: `serve`, `work`, `migrate`, … */
export const SERVER_PROGRAM = join(ROOT, 'apps/server/src/main.ts')

export const STRIPE_SANDBOX_PROGRAM = join(ROOT, 'packages/stripe-sandbox/src/cli.ts')

export const OAUTH_SANDBOX_PROGRAM = join(ROOT, 'packages/oauth-sandbox/src/cli.ts')

export const PAYMOB_SANDBOX_PROGRAM = join(ROOT, 'packages/paymob-sandbox/src/cli.ts')

export const WEBHOOK_SANDBOX_PROGRAM = join(ROOT, 'packages/webhook-sandbox/src/cli.ts')

export const CONSOLE_DIR = join(ROOT, 'apps/console')
