import { ProviderUnsupported } from '../billing.errors.ts'
import { PROVIDER_LABELS, type ProviderName } from '../provider.schemas.ts'
import { CAPABILITIES } from '../providers/capabilities.ts'

/** @throws {ProviderUnsupported} for a price per member at a provider that can't charge one. */
export function requireSeatPrices(provider: ProviderName, perSeatCents: number | null | undefined): void {
  if (!perSeatCents || CAPABILITIES[provider].seats) return
  throw new ProviderUnsupported(
    `${PROVIDER_LABELS[provider]} can't charge per member. Leave out seats.perSeatCents: then the plan includes up to seats.included members.`,
  )
}
