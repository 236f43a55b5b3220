import { z } from 'zod'
import { networks } from './setting-values.ts'

/** Where webhook endpoints may be in development, besides public addresses. */
export const OWN_MACHINE = ['127.0.0.0/8', '::1']

/** Where events may be sent. */
export const webhookEnvironment = {
  WEBHOOK_NETWORKS: networks
    .optional()
    .describe(
      'Private networks that webhook endpoints may be in, comma-separated, such as 10.0.0.0/8. Public addresses are always allowed. Outside production, this machine unless set',
    ),
}

/** The webhook endpoint that `seed` creates. */
export const webhookSeedEnvironment = {
  SEED_WEBHOOK_URL: z
    .url({ protocol: /^https?$/, error: 'must be an absolute URL (https://…)' })
    .optional()
    .describe('The webhook endpoint that `seed` creates, with all events: set both, or neither'),
  SEED_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'must be whsec_ and at least 24 random bytes in base64')
    .optional(),
}
