import { pages } from '../../platform/database/keyset.ts'
import { MINUTE } from '../../platform/durations.ts'
import { atProvider, type BillingScope } from '../billing-scope.ts'
import { CAPABILITIES, type ProviderCapabilities } from '../providers/capabilities.ts'
import { inParallel } from './in-parallel.ts'
import { isolateFailures } from './isolate-failures.ts'

const AT_ONCE = 2
const PAGE = 200
/** How long one run may take. The next one continues with what is still due. */
const RUN = 10 * MINUTE

/** A subscription to look at, and its id at the provider. */
export interface DueRow {
  id: string
  object_id: string
}

/** What only the provider knows about subscriptions, and has to be asked for one by one. */
interface Outlook {
  /** For failures. */
  what: string
  /** A provider without this capability is not asked. */
  needs: keyof ProviderCapabilities
  /** Which subscriptions are due at the scope's provider, those with the earliest `by` first, and how many at most. */
  due(scope: BillingScope, billingNow: Date): Promise<{ query: string; values: unknown[]; by: string; most?: number }>
  /** Looks at one, and notes that, so that it is not due any more. @returns whether the payers were told something. */
  look(scope: BillingScope, row: DueRow): Promise<boolean>
}

/**
 * Looks at each subscription that is due. A failure at one does not keep the others from their turn.
 *
 * @returns the number of subscriptions whose payers were told something.
 * @throws {PaymentProviderError} while the provider is down.
 */
export async function lookAhead(
  scope: BillingScope,
  { what, needs, due, look }: Outlook,
  { stopping }: { stopping?: AbortSignal | undefined },
): Promise<number> {
  const end = performance.now() + RUN
  const billingNow = await scope.billing.time.now()
  const { isolated, conclude } = isolateFailures(scope.log)
  let told = 0
  async function* rows(there: BillingScope): AsyncIterable<DueRow> {
    const { most = Number.POSITIVE_INFINITY, ...listing } = await due(there, billingNow)
    let taken = 0
    for await (const page of pages<DueRow>(there.em, { ...listing, size: PAGE })) {
      for (const row of page) {
        if (taken >= most || performance.now() >= end || stopping?.aborted) return
        taken += 1
        yield row
      }
    }
  }
  for (const provider of scope.billing.providers.keys()) {
    if (!CAPABILITIES[provider][needs]) continue
    const there = atProvider(scope, provider)
    await inParallel(AT_ONCE, rows(there), async (row) => {
      if (await isolated(`${what} of subscription ${row.id}`, () => look(there, row))) told += 1
    })
  }
  conclude()
  return told
}
