import { defineEntity, p } from '@mikro-orm/core'
import { PROVIDERS } from './provider.schemas.ts'

/** How far the reconciler has read the provider's lists. */
const ProviderCursorSchema = defineEntity({
  name: 'ProviderCursor',
  tableName: 'provider_cursors',
  properties: {
    provider: p.enum(PROVIDERS).primary(),
    /** In the provider's time: all earlier events have been read. */
    listedUntil: p.datetime(6),
    /** The state of the recheck of everything (`recheck/recheck-state.ts`); null before the first one. */
    recheck: p.json<Record<string, unknown>>().nullable(),
    /** The process that does the next slice of it, and until when, so that no other one does. */
    recheckHolder: p.uuid().nullable(),
    recheckHeldUntil: p.datetime(6).nullable(),
  },
})

export class ProviderCursor extends ProviderCursorSchema.class {}
ProviderCursorSchema.setClass(ProviderCursor)
